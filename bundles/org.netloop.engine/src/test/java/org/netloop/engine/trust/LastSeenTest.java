package org.netloop.engine.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.FetchException;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Channels that go back. */
class LastSeenTest {
    private static final URI REPO = URI.create("http://m:80/repo/");
    private static final String PATH = "channels/stable.json";
    private static final ByteBuffer NINE = ByteBuffer.wrap(new byte[] {9});
    private static final ByteBuffer THREE = ByteBuffer.wrap(new byte[] {3});

    @TempDir private Path directory;

    private Path state() {
        return directory.resolve("channels");
    }

    private LastSeen lastSeen() {
        return new LastSeen(state());
    }

    private static void check(LastSeen seen, URI repository, long sequence, ByteBuffer root)
            throws FetchException {
        seen.check(repository, PATH, repository.resolve(PATH), sequence, root);
    }

    @Test
    void anOlderChannelIsRefusedAlsoAfterARestart() throws Exception {
        LastSeen before = lastSeen();
        check(before, REPO, 9, NINE);
        before.accept(REPO, PATH, 9, NINE);
        for (LastSeen seen : new LastSeen[] {before, lastSeen()}) {
            assertThatThrownBy(() -> check(seen, REPO, 3, THREE))
                    .isInstanceOf(FetchException.Untrusted.class)
                    .hasMessageContainingAll("sequence 3", "9", "--accept-older", "accept.older");
            check(seen, REPO, 9, NINE);
            check(seen, REPO, 10, THREE);
        }
    }

    @Test
    void twoChannelsOfOneSequenceAreRefusedButInADirectory() throws Exception {
        LastSeen seen = lastSeen();
        seen.accept(REPO, PATH, 9, NINE);
        assertThatThrownBy(() -> check(seen, REPO, 9, THREE))
                .isInstanceOf(FetchException.Untrusted.class);
        URI files = URI.create("file:///repo/");
        seen.accept(files, PATH, 9, NINE);
        check(seen, files, 9, THREE);
    }

    @Test
    void whatWasAcceptedOnPurposeIsRememberedInstead() throws Exception {
        LastSeen seen = lastSeen();
        seen.accept(REPO, PATH, 9, NINE);
        seen.acceptOlder(REPO, PATH, 3, THREE);
        check(lastSeen(), REPO, 3, THREE);
    }

    /** Two volumes of one channel are opened at a time, and the slower one by a stale mirror. */
    @Test
    void whatWasCheckedBeforeANewerOneWasAcceptedDoesNotReplaceIt() throws Exception {
        LastSeen seen = lastSeen();
        check(seen, REPO, 3, THREE);
        check(seen, REPO, 9, NINE);
        seen.accept(REPO, PATH, 9, NINE);
        seen.accept(REPO, PATH, 3, THREE);
        assertThatThrownBy(() -> check(seen, REPO, 3, THREE))
                .isInstanceOf(FetchException.Untrusted.class);
        check(lastSeen(), REPO, 9, NINE);
    }

    @Test
    void aRepositoryIsTheSameWithAnotherPasswordAndASlash() throws Exception {
        LastSeen seen = lastSeen();
        seen.accept(URI.create("http://u:p@m:80/repo?token=x"), PATH, 9, NINE);
        assertThatThrownBy(() -> check(seen, REPO, 3, THREE))
                .isInstanceOf(FetchException.Untrusted.class);
        try (Stream<Path> files = Files.list(state())) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(file).content().startsWith("9 sha256:"));
        }
    }

    @Test
    void whatHasNoSequenceIsNotRemembered() throws Exception {
        LastSeen seen = lastSeen();
        seen.accept(REPO, PATH, -1, NINE);
        check(seen, REPO, -1, THREE);
        assertThat(state()).doesNotExist();
    }

    @Test
    void aDirectoryThatCannotBeWrittenBreaksNothing() throws Exception {
        Files.createFile(state());
        LastSeen seen = lastSeen();
        assertThatCode(() -> check(seen, REPO, 9, NINE)).doesNotThrowAnyException();
        seen.accept(REPO, PATH, 9, NINE);
        assertThatThrownBy(() -> check(seen, REPO, 3, THREE))
                .isInstanceOf(FetchException.Untrusted.class);
    }

    private void damage(int files) throws Exception {
        try (Stream<Path> all = Files.list(state())) {
            for (Path file : all.sorted().limit(files).toList()) {
                Files.writeString(file, "9 sha256:rubbish");
            }
        }
    }

    @Test
    void whatIsDamagedIsReadFromItsCopyAndMended() throws Exception {
        lastSeen().accept(REPO, PATH, 9, NINE);
        damage(1);
        assertThatThrownBy(() -> check(lastSeen(), REPO, 3, THREE))
                .isInstanceOf(FetchException.Untrusted.class)
                .hasMessageContaining("sequence 9 was accepted before");
        lastSeen().accept(REPO, PATH, 9, NINE);
        try (Stream<Path> files = Files.list(state())) {
            assertThat(files)
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(file).content().startsWith("9 sha256:"));
        }
    }

    @Test
    void nothingIsBelievedWhereAllThatIsRememberedIsDamaged() throws Exception {
        LastSeen before = lastSeen();
        before.accept(REPO, PATH, 9, NINE);
        damage(2);
        assertThatThrownBy(() -> check(lastSeen(), REPO, 10, THREE))
                .isInstanceOf(FetchException.Untrusted.class)
                .hasMessageContainingAll("is damaged", state().toString(), "--accept-older");
        check(before, REPO, 9, NINE); // a process that lives still knows
        before.accept(REPO, PATH, 9, NINE);
        check(lastSeen(), REPO, 9, NINE);
    }

    @Test
    void aRepositoryIsTheSameHoweverItIsSpelled() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        for (List<String> spellings :
                List.of(
                        List.of(
                                "http://m/repo",
                                "HTTP://M.:80/./x/..//%72epo/",
                                "http://m/repo/?token=1"),
                        List.of("http://localhost/", "http://127.0.0.1:80", "http://[0:0::1]/"),
                        List.of("https://m:443/a%20b/", "https://m/a%20b"),
                        List.of(real.toUri().toString(), "file:" + link + "/../link/."))) {
            LastSeen seen = new LastSeen(null);
            seen.accept(URI.create(spellings.getFirst()), PATH, 9, NINE);
            for (String spelling : spellings) {
                assertThatThrownBy(() -> check(seen, URI.create(spelling), 3, THREE))
                        .as(spelling)
                        .isInstanceOf(FetchException.Untrusted.class);
            }
            check(seen, URI.create("http://other/repo"), 3, THREE);
        }
    }
}

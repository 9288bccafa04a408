package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

class RememberedRollbackTest extends InstalledEngine {
    private static final Reference REFERENCE =
            Reference.parse("http://a:secret@mirror/root#stable");

    @TempDir Path directory;

    private static Digest digest(int value) {
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(new byte[] {(byte) value}));
    }

    private RememberedRollback of(Reference reference) {
        return new RememberedRollback(directory.resolve("state"), "root", () -> reference);
    }

    private Path file() throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("state"))) {
            return all.reduce((_, _) -> fail("one file")).orElseThrow();
        }
    }

    @Test
    void aRestartKnowsWhatWasLeft() throws Exception {
        of(REFERENCE).put(digest(1), digest(2));
        assertThat(of(REFERENCE).leftFor(digest(1))).isEqualTo(digest(2));
        assertThat(of(REFERENCE).leftFor(digest(3))).isNull();
        assertThat(of(Reference.parse("http://other/root#stable")).leftFor(digest(1))).isNull();
        assertThat(Files.readString(file())).doesNotContain("secret");
        of(REFERENCE).clear();
        assertThat(of(REFERENCE).leftFor(digest(1))).isNull();
        of(REFERENCE).clear();
    }

    @Test
    void aVolumeOfThatNameOfAnotherDeploymentKeepsItsOwn() {
        RememberedRollback other = of(Reference.parse("http://other/root#stable"));
        of(REFERENCE).put(digest(1), digest(2));
        other.clear();
        other.put(digest(3), digest(4));
        assertThat(of(REFERENCE).leftFor(digest(1))).isEqualTo(digest(2));
        assertThat(other.leftFor(digest(3))).isEqualTo(digest(4));
    }

    private static Stream<FetchException> whatIsNotOpenedAgain() {
        return Stream.of(
                new FetchException.Missing("it is gone"),
                new FetchException.Untrusted("its key is revoked"));
    }

    @ParameterizedTest
    @MethodSource("whatIsNotOpenedAgain")
    void whatTheReferenceMeansIsOpenedIfTheImageThatWasReturnedToCannotBe(FetchException why)
            throws Exception {
        engine.unbindFormat(format);
        engine.bindFormat(
                new WrappedFormat(format) {
                    @Override
                    public Index open(Reference reference, ObjectReader objects)
                            throws FetchException, InterruptedException {
                        if (reference.digestOrNull() != null) {
                            throw why;
                        }
                        return super.open(reference, objects);
                    }
                },
                Map.of());
        Reference reference = Reference.parse("test://a/#stable");
        of(reference).put(digest(1), digest(2));
        WantedVolume wanted =
                new WantedVolume(
                        new VolumeSpec("root", reference, List.of(), PATIENCE),
                        new Mirrors(reference.repository(), List.of(), Set.of(), ""),
                        Updates.Policy.NOW,
                        Duration.ZERO,
                        new HealthCommand(List.of(), Duration.ZERO),
                        0);
        try (OpenedVolume opened = of(reference).openFirst(engine, wanted)) {
            assertThat(opened.image().size()).isPositive();
        }
    }

    @Test
    void aDamagedFileIsNotHeeded() throws Exception {
        of(REFERENCE).put(digest(1), digest(2));
        String whole = Files.readString(file());
        for (int length : new int[] {0, 10, whole.length() - 1}) {
            Files.writeString(file(), whole.substring(0, length));
            assertThat(of(REFERENCE).leftFor(digest(1))).isNull();
        }
        Files.write(file(), new byte[100_000]);
        assertThat(of(REFERENCE).leftFor(digest(1))).isNull();
    }

    @Test
    void withoutAStateDirectoryNothingIsRemembered() {
        RememberedRollback none = new RememberedRollback(null, "root", () -> REFERENCE);
        none.put(digest(1), digest(2));
        assertThat(none.leftFor(digest(1))).isNull();
    }
}

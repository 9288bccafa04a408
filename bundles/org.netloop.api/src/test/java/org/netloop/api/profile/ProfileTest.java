package org.netloop.api.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.profile.Profile.Entry;
import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

class ProfileTest {
    private static final Digest IMAGE = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
    private static final Entry ENTRY = new Entry(10, 5, 100);

    private static Profile profile(String name, List<Entry> entries) {
        return new Profile(IMAGE, name, entries, null);
    }

    @Test
    void aProfileHasTheBytesOfItsEntries() {
        assertThat(ENTRY.end()).isEqualTo(15);
        assertThat(profile("boot", List.of(ENTRY, new Entry(0, 7, 0))).bytes()).isEqualTo(12);
        assertThat(profile("boot", List.of()).pack()).isEmpty();
        Pack pack =
                new Pack("packs/a", List.of(new Pack.Piece(IMAGE, 4), new Pack.Piece(IMAGE, 1)));
        assertThat(pack.length()).isEqualTo(5);
        assertThat(new Profile(IMAGE, "boot", List.of(), pack).pack()).contains(pack);
    }

    @ParameterizedTest
    @ValueSource(strings = {"boot", "a", "A.b_c-9"})
    void namesAreWords(String name) {
        assertThat(Profile.isName(name)).isTrue();
        assertThat(profile(name, List.of()).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "../x", "a/b", "-a", "a b"})
    void otherNamesAreRefused(String name) {
        assertThat(Profile.isName(name)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> profile(name, List.of()))
                .withMessageContaining("'" + name + "' is not a valid profile name");
    }

    @Test
    void thereIsABoundOfEntries() {
        List<Entry> most = Collections.nCopies(Profile.MAX_ENTRIES, ENTRY);
        assertThat(profile("boot", most).entries()).hasSize(Profile.MAX_ENTRIES);
        List<Entry> more = Collections.nCopies(Profile.MAX_ENTRIES + 1, ENTRY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> profile("boot", more))
                .withMessage("a profile of 1000001 entries has more than 1000000");
    }

    @ParameterizedTest
    @CsvSource({"-1,1,0", "0,0,0", "9223372036854775807,1,0", "0,1,-1"})
    void anEntryIsARangeAndATime(long offset, long length, long after) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Entry(offset, length, after))
                .withMessage(
                        "entry of " + length + " bytes at " + offset + " after " + after + " ms");
    }

    @Test
    void aPackLiesInsideOfItsRepositoryAndHasPieces() {
        assertThat(new Entry(Long.MAX_VALUE - 1, 1, 0).end()).isEqualTo(Long.MAX_VALUE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pack("../x", List.of()))
                .withMessageContaining("a pack has the path '../x'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pack.Piece(IMAGE, 0))
                .withMessageContaining("has a length of 0");
    }

    @Test
    void aProfileIsReadFromTheFileItWasWrittenTo(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("boot.profile");
        Profile profile = profile("boot", List.of());
        ProfileFiles.write(new NameOnly(), profile, file);
        assertThat(ProfileFiles.read(new NameOnly(), file)).isEqualTo(profile);
    }

    /** Writes nothing but the name. */
    private static final class NameOnly implements ProfileFormat {
        @Override
        public String path(Digest image, String name) {
            return name;
        }

        @Override
        public Stream<String> objects(Repository repository, Digest image) throws IOException {
            return Stream.of();
        }

        @Override
        public boolean isObject(String path) {
            return false;
        }

        @Override
        public Profile read(String object, ByteBuffer document) {
            return profile(StandardCharsets.UTF_8.decode(document).toString(), List.of());
        }

        @Override
        public ByteBuffer write(Profile profile) {
            return StandardCharsets.UTF_8.encode(profile.name());
        }
    }
}

package org.netloop.api.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;

class FileChunksTest {
    private static final int KIBI = 1 << 10;

    @ParameterizedTest
    @CsvSource({
        "0,              65536",
        "1073741824,     65536",
        "1073741825,     131072",
        "274877906944,   16777216",
        "1099511627776,  16777216"
    })
    void aLongerFileHasLongerChunks(long length, int chunk) {
        assertThat(FileChunks.lengthFor(length)).isEqualTo(chunk);
    }

    @Test
    void aFileWhoseDigestsDoNotFitIsRefused() {
        long most = Statement.MAX_CONTENT / 32L * FileChunks.LONGEST;
        assertThat(FileChunks.lengthFor(most)).isEqualTo(FileChunks.LONGEST);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileChunks.lengthFor(most + 1))
                .withMessageContaining("too long to be signed");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,32", "65536,32", "65537,64", "131072,64"})
    void eachChunkHasADigest(long length, long digests) {
        assertThat(FileChunks.digestsLength(length, 64 * KIBI)).isEqualTo(digests);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 32 * KIBI, 96 * KIBI, 32 * KIBI * KIBI, -64 * KIBI})
    void otherLengthsOfChunksAreRefused(int chunk) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileChunks.digestsLength(1, chunk))
                .withMessage("chunks of " + chunk + " bytes");
    }

    @Test
    void theLongestChunksAreAllowed() {
        assertThat(FileChunks.digestsLength(1, FileChunks.LONGEST)).isEqualTo(32);
    }

    @Test
    void aChunkMatchesItsOwnDigestOnly() {
        ByteBuffer one = ByteBuffer.wrap(new byte[] {1, 2});
        ByteBuffer two = ByteBuffer.wrap(new byte[] {3});
        ByteBuffer digests = ByteBuffer.allocate(5 + 64).position(5);
        FileChunks.append(one, digests);
        FileChunks.append(two, digests);
        digests.position(5);
        assertThat(FileChunks.matches(digests, 0, one)).isTrue();
        assertThat(FileChunks.matches(digests, 1, two)).isTrue();
        assertThat(FileChunks.matches(digests, 0, two)).isFalse();
        assertThat(FileChunks.matches(digests, 1, one)).isFalse();
    }
}

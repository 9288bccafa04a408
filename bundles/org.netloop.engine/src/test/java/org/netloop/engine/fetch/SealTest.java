package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.trust.FileChunks;
import org.netloop.api.trust.Statement;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tests that nothing of a signed file is passed on that is not as it was signed. */
@Timeout(60)
class SealTest {
    private static final int CHUNK = 64 << 10;
    private static final int LENGTH = 150_000;
    private static final String PATH = "disk.img";

    private final ScriptedMirrors mirrors = new ScriptedMirrors("a");
    private final byte[] file = new byte[LENGTH];
    private final List<Integer> checked = new ArrayList<>();

    @BeforeEach
    void sign() {
        new Random(1).nextBytes(file);
        ByteBuffer digests = ByteBuffer.allocate(3 * 32);
        for (int at = 0; at < LENGTH; at += CHUNK) {
            FileChunks.append(
                    ByteBuffer.wrap(file, at, Math.min(CHUNK, LENGTH - at)).slice(), digests);
        }
        digests.flip();
        Statement statement =
                new Statement(
                        Statement.Role.FILE,
                        "repository",
                        PATH,
                        1,
                        Instant.EPOCH,
                        null,
                        CHUNK,
                        LENGTH,
                        Digest.of(DigestAlgorithm.SHA256, digests.duplicate()),
                        digests);
        mirrors.fetcher.seal(new Seal(PATH, statement));
        mirrors.answers.put(
                "a",
                (request, into) ->
                        into.put(
                                file,
                                (int) request.offset(),
                                (int) Math.min(request.length(), file.length - request.offset())));
    }

    private ByteBuffer fetch(long offset, long length, int room) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(room + 3).position(3);
        Wanted wanted = new Wanted(PATH, offset, length, FetchPurpose.DEMAND);
        mirrors.fetcher.fetch(
                ScriptedMirrors.errand(
                        wanted, into, (bytes, _, _) -> checked.add(bytes.remaining())));
        return into.flip().position(3).slice();
    }

    private ByteBuffer slice(int offset, int length) {
        return ByteBuffer.wrap(file, offset, length).slice();
    }

    private void assertAsked(long offset, long length) {
        FetchRequest last = mirrors.requests.getLast();
        assertThat(last.offset()).isEqualTo(offset);
        assertThat(last.length()).isEqualTo(length);
        assertThat(last.purpose()).isEqualTo(FetchPurpose.DEMAND);
    }

    @Test
    void wholeChunksAreFetchedAndWhatWasAskedForIsPassedOn() throws Exception {
        assertThat(fetch(70_000, 10, 10)).isEqualTo(slice(70_000, 10));
        assertAsked(CHUNK, CHUNK);
        assertThat(checked).containsExactly(10);
        assertThat(fetch(CHUNK, CHUNK, CHUNK)).isEqualTo(slice(CHUNK, CHUNK));
        assertAsked(CHUNK, CHUNK);
        assertThat(fetch(CHUNK - 1, 2, 2)).isEqualTo(slice(CHUNK - 1, 2));
        assertAsked(0, 2 * CHUNK);
    }

    @Test
    void theLastChunkIsShort() throws Exception {
        int tail = LENGTH - 2 * CHUNK;
        assertThat(fetch(2 * CHUNK - 5, FetchRequest.TO_END, tail + 100))
                .isEqualTo(slice(2 * CHUNK - 5, tail + 5));
        assertAsked(CHUNK, CHUNK + tail);
        assertThat(fetch(LENGTH - 1, 100, 100)).isEqualTo(slice(LENGTH - 1, 1));
        assertAsked(2 * CHUNK, tail);
    }

    @Test
    void nothingLiesBehindTheEnd() {
        assertThatThrownBy(() -> fetch(LENGTH, 10, 10))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessage("byte 150000 is behind the end of the signed file");
        assertThat(mirrors.requests).isEmpty();
    }

    @Test
    void aChangedByteIsRefusedWhereverItLiesInItsChunk() {
        file[2 * CHUNK - 1]++;
        assertThatThrownBy(() -> fetch(CHUNK - 1, 2, 2))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining(
                        "test://a/disk.img has other bytes at 65536 than those that were signed");
        assertThat(checked).isEmpty();
    }

    @Test
    void chunksThatChangedPlacesAreRefused() {
        byte[] first = slice(0, CHUNK).array().clone();
        System.arraycopy(first, CHUNK, file, 0, CHUNK);
        System.arraycopy(first, 0, file, CHUNK, CHUNK);
        assertThatThrownBy(() -> fetch(0, 1, 1))
                .hasMessageContaining("has other bytes at 0 than those that were signed");
    }

    @Test
    void anAnswerThatIsTooShortIsRefused() {
        mirrors.has("a", (byte) 1, (byte) 2);
        assertThatThrownBy(() -> fetch(0, 1, 1))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("test://a/disk.img has 2 of 65536 bytes");
    }

    @Test
    void otherFilesAreFetchedAsTheyAre() throws Exception {
        mirrors.has("a", (byte) 5);
        ByteBuffer into = ByteBuffer.allocate(1);
        mirrors.fetcher.fetch(
                ScriptedMirrors.errand(ScriptedMirrors.wanted("other"), into, Check.NONE));
        assertThat(into.get(0)).isEqualTo((byte) 5);
        assertAsked(0, FetchRequest.TO_END);
    }
}

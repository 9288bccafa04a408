package org.netloop.engine.ahead;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.util.Map;

class StreamTest {
    private static final int LENGTH = 4096;
    private static final int BLOCKS = 1000;
    private static final int MOST = 64;

    private final Index index = new Full();
    private final Stream stream = new Stream(block(0), LENGTH, 0);

    private static Block block(int number) {
        Digest name = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(4).putInt(0, number));
        return new Block(
                (long) number * LENGTH, LENGTH, StoredBlock.object(name, name.hex(), 1, "none"));
    }

    /** No holes. */
    private static final class Full implements Index {
        @Override
        public ImageInfo image() {
            return new ImageInfo(
                    Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(0)),
                    "full",
                    (long) BLOCKS * LENGTH,
                    LENGTH,
                    "none",
                    null,
                    -1,
                    Map.of(),
                    Verification.STORED);
        }

        @Override
        public Block block(long offset) {
            return StreamTest.block((int) (offset / LENGTH));
        }

        @Override
        public @Nullable Block blockIfLoaded(long offset) {
            return block(offset);
        }

        @Override
        public Extent extent(long offset) {
            return new Extent(offset, (long) BLOCKS * LENGTH - offset, false);
        }
    }

    /** Reads so far, and tells how many blocks ahead of that are handed out then. */
    private long aheadOf(int blocks) throws FetchException, InterruptedException {
        long end = (long) blocks * LENGTH;
        stream.reads(end, 0);
        long frontier = end;
        for (Block next = stream.next(index, MOST); next != null; ) {
            frontier = next.end();
            next = stream.next(index, MOST);
        }
        return frontier / LENGTH;
    }

    @Test
    void nothingIsHandedOutBeforeItIsSequential() throws Exception {
        assertThat(aheadOf(2)).isEqualTo(2);
        assertThat(aheadOf(3)).isEqualTo(3 + 4);
    }

    /** Each block that is read lets two more go: twice as many in each round trip. */
    @Test
    void itLooksAsFarAheadAsWasReadOfItBlockAfterBlock() throws Exception {
        long frontier = aheadOf(3);
        for (int read = 4; read < 20; read++) {
            assertThat(aheadOf(read)).isEqualTo(frontier + 2);
            frontier += 2;
        }
    }

    @Test
    void itLooksNoFartherThanIsOfUse() throws Exception {
        aheadOf(3);
        for (int read = 4; read < 200; read++) {
            aheadOf(read);
        }
        assertThat(aheadOf(200)).isEqualTo(200 + MOST);
    }
}

package org.netloop.engine.volume;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** An image of some blocks of noise and one hole, whose index is made up on the spot. */
final class TestFormat implements IndexFormat {
    static final int BLOCK = 8192;
    static final int HOLE = 3;
    static final int BLOCKS = 8;

    private final List<Block> blocks = new ArrayList<>();
    final byte[] image = new byte[BLOCK * BLOCKS - 100];

    TestFormat(ScriptedTransport transport) {
        transport.objects.put("/entry", "a test image".getBytes(US_ASCII));
        new Random(1).nextBytes(image);
        for (int number = 0; number < BLOCKS; number++) {
            int offset = number * BLOCK;
            int length = Math.min(BLOCK, image.length - offset);
            if (number == HOLE) {
                Arrays.fill(image, offset, offset + length, (byte) 0);
                blocks.add(new Block(offset, length, null));
                continue;
            }
            byte[] stored = XorCodec.flip(image, offset, length);
            Digest digest = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(stored));
            transport.objects.put("/" + path(number), stored);
            blocks.add(
                    new Block(
                            offset,
                            length,
                            StoredBlock.object(digest, path(number), length, "xor")));
        }
    }

    static String path(int number) {
        return "block" + number;
    }

    StoredBlock stored(int number) {
        return blocks.get(number).stored().orElseThrow();
    }

    @Override
    public String id() {
        return "test";
    }

    @Override
    public String entry(Reference reference) {
        return "entry";
    }

    @Override
    public boolean recognises(ByteBuffer head) {
        return head.equals(ByteBuffer.wrap("a test image".getBytes(US_ASCII)));
    }

    @Override
    public Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException {
        objects.read("entry", 100);
        ImageInfo info =
                new ImageInfo(
                        Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(image)),
                        "test",
                        image.length,
                        BLOCK,
                        "xor",
                        null,
                        -1,
                        Map.of(),
                        Verification.STORED);
        return new TestIndex(info);
    }

    private final class TestIndex implements Index {
        private final ImageInfo info;

        TestIndex(ImageInfo info) {
            this.info = info;
        }

        @Override
        public ImageInfo image() {
            return info;
        }

        @Override
        public Block block(long offset) {
            return blocks.get((int) (offset / BLOCK));
        }

        @Override
        public @Nullable Block blockIfLoaded(long offset) {
            return block(offset);
        }

        @Override
        public Extent extent(long offset) {
            Block block = block(offset);
            return new Extent(offset, block.end() - offset, block.isHole());
        }
    }
}

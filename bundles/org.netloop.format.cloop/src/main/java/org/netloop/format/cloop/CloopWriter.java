package org.netloop.format.cloop;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.ObjectWriter;
import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes a cloop file of version 2.0. Its map comes before its blocks and its end alone tells how
 * long that is: so the blocks wait in a temporary file, which is gone when this is closed.
 */
final class CloopWriter implements IndexWriter {
    /** Four bytes of memory each. */
    static final int MOST_BLOCKS = 1 << 24;

    private static final int COPY_LENGTH = 1 << 20;
    private static final int MAP_PIECE = 64 << 10;

    private final ImageSpec spec;
    private final ObjectWriter file;
    private final ZlibBlocks zlib;
    private final Path waiting;
    private final FileChannel blocks;
    private int[] lengths = new int[1024];
    private int count;
    private long end;

    /**
     * @throws FetchException.Unsupported if the spec asks for what such a file does not have
     */
    CloopWriter(Repository repository, ImageSpec spec) throws IOException {
        if (!spec.codec().equals("zlib")) {
            throw new FetchException.Unsupported(
                    "a cloop file has blocks of the codec zlib, not " + spec.codec());
        }
        if (!spec.labels().isEmpty() || spec.parentOrNull() != null) {
            throw new FetchException.Unsupported("a cloop file has neither labels nor a parent");
        }
        this.spec = spec;
        // First, so that a place that cannot be written to is told before the work.
        this.file = repository.write("");
        try {
            this.waiting = Files.createTempFile("netloop-cloop-", ".blocks");
            this.blocks =
                    FileChannel.open(
                            waiting,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        this.zlib = new ZlibBlocks(spec.blockLength());
    }

    @Override
    public boolean holdsBlocks() {
        return true;
    }

    @Override
    public StoredBlock locate(Digest digest, int length, String codec) {
        return StoredBlock.object(digest, "", length, codec);
    }

    @Override
    public void append(Block block) throws IOException {
        if (!block.isHole()) {
            throw new IllegalArgumentException("a block of a cloop file comes with its bytes");
        }
        add(block, zlib.zeros());
    }

    @Override
    public void append(Block block, ByteBuffer stored) throws IOException {
        boolean plain = block.stored().orElseThrow().codec().equals(StoredBlock.PLAIN);
        add(block, zlib.full(stored, plain, block.length()));
    }

    private void add(Block block, ByteBuffer stored) throws IOException {
        if (block.offset() != end || end != (long) count * spec.blockLength()) {
            throw new IllegalArgumentException(
                    "block at " + block.offset() + " does not follow a whole block at " + end);
        }
        if (count == MOST_BLOCKS) {
            throw new IOException(
                    "the image has more than "
                            + MOST_BLOCKS
                            + " blocks of "
                            + spec.blockLength()
                            + " bytes; choose a larger block size");
        }
        if (count == lengths.length) {
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        lengths[count++] = stored.remaining();
        end = block.end();
        while (stored.hasRemaining()) {
            blocks.write(stored);
        }
    }

    @Override
    public ImageInfo finish(long size) throws IOException {
        if (size != end || count == 0) {
            throw new IOException(
                    "a cloop file has at least one block; the image has "
                            + size
                            + " bytes, of which "
                            + end
                            + " were given");
        }
        file.write(Header.write(spec.blockLength(), count));
        writeMap();
        long length = blocks.size();
        copyBlocks(length);
        file.finish();
        return info(length);
    }

    private void writeMap() throws IOException {
        ByteBuffer map = ByteBuffer.allocate(MAP_PIECE);
        long at = Header.LENGTH + (count + 1L) * Long.BYTES;
        for (int i = 0; i <= count; i++) {
            if (!map.hasRemaining()) {
                file.write(map.flip());
                map.clear();
            }
            map.putLong(at);
            at += i < count ? lengths[i] : 0;
        }
        file.write(map.flip());
    }

    private void copyBlocks(long length) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(COPY_LENGTH);
        for (long at = 0; at < length; at += piece.limit()) {
            piece.clear().limit((int) Math.min(COPY_LENGTH, length - at));
            while (piece.hasRemaining()) {
                if (blocks.read(piece, at + piece.position()) < 0) {
                    throw new IOException(waiting + " was made shorter while it was used");
                }
            }
            file.write(piece.flip());
        }
    }

    /**
     * Returns the properties of the image: no part of the file names it, so the lengths of its
     * blocks do.
     */
    private ImageInfo info(long length) {
        ByteBuffer map = ByteBuffer.allocate(count * Integer.BYTES);
        for (int i = 0; i < count; i++) {
            map.putInt(lengths[i]);
        }
        return new ImageInfo(
                Digest.of(spec.digest(), map.flip()),
                CloopFormat.ID,
                (long) count * spec.blockLength(),
                spec.blockLength(),
                "zlib",
                null,
                length,
                Map.of("cloop", Header.V2),
                Verification.NONE);
    }

    @Override
    public void close() throws IOException {
        zlib.close();
        try (file) {
            blocks.close();
        }
    }
}

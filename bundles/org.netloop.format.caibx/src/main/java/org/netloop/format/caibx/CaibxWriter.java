package org.netloop.format.caibx;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
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
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;

/**
 * Writes an index whose chunks, in the standard store beside it, all have one length but for the
 * last. It takes its place when all chunks are durable.
 */
final class CaibxWriter implements IndexWriter {
    /** Codecs that casync recognises by their first bytes. */
    private static final Set<String> CODECS = Set.of("zstd", "xz", "gzip");

    private static final Set<DigestAlgorithm> DIGESTS =
            Set.of(DigestAlgorithm.SHA256, DigestAlgorithm.SHA512_256);

    private static final int PIECE = 64 << 10;

    private final ImageSpec spec;
    private final Repository repository;
    private final ObjectWriter file;
    private final Store store = Store.standard();
    private final MessageDigest content = DigestAlgorithm.SHA256.newMessageDigest();
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    private long chunks;
    private long end;

    /**
     * @throws FetchException.Unsupported if the spec asks for what such a file does not have
     */
    CaibxWriter(Repository repository, ImageSpec spec) throws IOException {
        if (!CODECS.contains(spec.codec())) {
            throw new FetchException.Unsupported(
                    "casync reads chunks of the codecs zstd, xz and gzip, not " + spec.codec());
        }
        if (!DIGESTS.contains(spec.digest())) {
            throw new FetchException.Unsupported(
                    "casync names chunks by sha256 or sha512-256, not " + spec.digest().id());
        }
        if (!spec.labels().isEmpty() || spec.parentOrNull() != null) {
            throw new FetchException.Unsupported(
                    "an index of casync has neither labels nor a parent");
        }
        this.spec = spec;
        this.repository = repository;
        // First, so that a place that cannot be written to is told before the work.
        this.file = repository.write("");
        int length = spec.blockLength();
        new Header(spec.digest(), length, length, length).write(piece);
    }

    @Override
    public boolean takesChunks() {
        return true;
    }

    @Override
    public StoredBlock locate(Digest digest, int length, String codec) {
        return store.chunk(length, digest);
    }

    @Override
    public void append(Block block) throws IOException {
        StoredBlock stored = block.storedOrNull();
        if (stored == null || stored.plainOrNull() == null) {
            throw new IllegalArgumentException(
                    "the block at " + block.offset() + " is not a chunk; casync has no holes");
        }
        if (block.offset() != end || end != chunks * spec.blockLength()) {
            throw new IllegalArgumentException(
                    "block at " + block.offset() + " does not follow a whole block at " + end);
        }
        if (chunks == Table.MOST_CHUNKS) {
            throw new IOException(
                    "the image has more than "
                            + Table.MOST_CHUNKS
                            + " blocks of "
                            + spec.blockLength()
                            + " bytes; choose a larger block size");
        }
        makeRoom();
        end = block.end();
        chunks++;
        stored.plainOrNull().write(piece.putLong(end));
    }

    /** Makes room for an item, or for the tail, which has the same length. */
    private void makeRoom() throws IOException {
        if (piece.remaining() < Table.ITEM) {
            flush();
        }
    }

    private void flush() throws IOException {
        piece.flip();
        content.update(piece.duplicate());
        file.write(piece);
        piece.clear();
    }

    @Override
    public ImageInfo finish(long size) throws IOException {
        if (size != end) {
            throw new IllegalArgumentException(
                    "an image of " + size + " bytes has blocks up to " + end);
        }
        makeRoom();
        Table.writeTail(piece, chunks);
        flush();
        repository.sync();
        file.finish();
        return new ImageInfo(
                Digest.read(DigestAlgorithm.SHA256, ByteBuffer.wrap(content.digest())),
                CaibxFormat.ID,
                size,
                spec.blockLength(),
                spec.codec(),
                null,
                -1,
                Map.of(
                        "casync.digest", spec.digest().id(),
                        "casync.chunks", String.valueOf(chunks),
                        "casync.store", store.toString()),
                Verification.PLAIN);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

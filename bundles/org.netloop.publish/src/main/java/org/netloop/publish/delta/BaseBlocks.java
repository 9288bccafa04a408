package org.netloop.publish.delta;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Blocks of the parent, with the plain bytes of those that were used last. Thread-safe. */
final class BaseBlocks {
    private static final long MEMORY = 32 << 20;

    private final OpenVolume image;
    private final DigestAlgorithm algorithm;
    private final String codec;
    private final int blockLength;

    /** Least recently used first; guarded by itself. */
    private final Map<Integer, Base> recent;

    /**
     * A block to encode against.
     *
     * @param base what a table states
     * @param plain its plain bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Base(DeltaBase base, byte[] plain) {}

    /**
     * @param algorithm names blocks and plain bytes
     * @param codec id of the codec of encoded blocks
     */
    BaseBlocks(OpenVolume image, DigestAlgorithm algorithm, String codec) {
        this.image = image;
        this.algorithm = algorithm;
        this.codec = codec;
        this.blockLength = image.image().maxBlockLength();
        int most = (int) Math.max(1, MEMORY / blockLength);
        this.recent =
                new LinkedHashMap<>(most, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Integer, Base> eldest) {
                        return size() > most;
                    }
                };
    }

    /** Returns the stored form of a block; null if there is none that a delta may refer to. */
    @Nullable StoredBlock stored(int number) throws IOException, InterruptedException {
        Block block = at(number);
        StoredBlock stored = block == null ? null : block.storedOrNull();
        return stored != null
                        && stored.verification() == Verification.STORED
                        && stored.key().algorithm() == algorithm
                        && (stored.codec().equals(codec)
                                || stored.codec().equals(StoredBlock.PLAIN))
                ? stored
                : null;
    }

    private @Nullable Block at(int number) throws IOException, InterruptedException {
        long offset = (long) number * blockLength;
        return offset < image.size() ? image.index().block(offset) : null;
    }

    /** Reads a block that has a {@link #stored} form. */
    Base read(int number, StoredBlock stored) throws IOException, InterruptedException {
        synchronized (recent) {
            Base known = recent.get(number);
            if (known != null) {
                return known;
            }
        }
        long offset = (long) number * blockLength;
        byte[] plain = new byte[(int) Math.min(blockLength, image.size() - offset)];
        image.read(offset, ByteBuffer.wrap(plain));
        Digest digest = Digest.of(algorithm, ByteBuffer.wrap(plain));
        Base read = new Base(new DeltaBase(stored, plain.length, digest), plain);
        synchronized (recent) {
            recent.put(number, read);
        }
        return read;
    }
}

package org.netloop.publish.delta;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.message.Failures;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Encodes changed blocks against blocks of the parent: the most alike ones, and the one at the same
 * place, which comes last, because a codec may reach no further back than some of them.
 * Thread-safe.
 */
public final class DeltaMaker implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(DeltaMaker.class);
    private static final int MOST_ALIKE = Delta.MOST_BASES - 1;

    /** Bytes of a table for a delta: two digests, its place, and its share of the bases. */
    private static final int OVERHEAD = 256;

    private final OpenVolume parent;
    private final Codec codec;
    private final int level;
    private final DigestAlgorithm algorithm;
    private final int blockLength;
    private final BaseBlocks bases;
    private final Likeness likeness;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final LongAdder count = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /**
     * Surveys the parent, which takes a read of all of it.
     *
     * @param parent the earlier image, closed with this; its blocks have the length of the new
     *     image's
     * @param codec {@linkplain Codec#encodesDeltas encodes deltas}
     * @param level one of its levels
     * @param algorithm names the blocks of the new image
     * @param workers number of threads
     * @throws IOException if the parent cannot be read
     */
    public DeltaMaker(
            OpenVolume parent, Codec codec, int level, DigestAlgorithm algorithm, int workers)
            throws IOException, InterruptedException {
        this.parent = parent;
        this.codec = codec;
        this.level = level;
        this.algorithm = algorithm;
        this.blockLength = parent.image().maxBlockLength();
        this.bases = new BaseBlocks(parent, algorithm, codec.id());
        this.likeness = Survey.of(parent, workers);
    }

    /** Returns the image that the deltas refer to. */
    public Digest parent() {
        return parent.image().digest();
    }

    /** Returns the number of deltas made. */
    public long count() {
        return count.sum();
    }

    /** Returns the number of bytes of the deltas made. */
    public long bytes() {
        return bytes.sum();
    }

    /**
     * Makes the delta of a block; null if the block is one of the parent, or if a delta saves too
     * little. Once the parent cannot be read, no more deltas are made: an image is complete
     * without.
     *
     * @param plain its plain bytes; their position is left as it was
     * @param digest of these bytes, by any algorithm
     */
    public Delta.@Nullable Made make(Block block, ByteBuffer plain, Digest digest)
            throws InterruptedException {
        if (failed.get()) {
            return null;
        }
        try {
            return made(block, plain, digest);
        } catch (IOException e) {
            if (failed.compareAndSet(false, true)) {
                LOG.warn("no more deltas to image {}: {}", parent(), Failures.sentence(e));
            }
            return null;
        }
    }

    private Delta.@Nullable Made made(Block block, ByteBuffer plain, Digest digest)
            throws IOException, InterruptedException {
        StoredBlock stored = block.storedOrNull();
        int place = Math.toIntExact(block.offset() / blockLength);
        StoredBlock before = bases.stored(place);
        if (stored == null || before != null && before.key().equals(stored.key())) {
            return null;
        }
        List<BaseBlocks.Base> chosen = new ArrayList<>();
        int[] alike = likeness.mostAlike(Samples.of(plain, likeness.shift()), place, MOST_ALIKE);
        for (int i = alike.length - 1; i >= 0; i--) {
            StoredBlock base = bases.stored(alike[i]);
            if (base != null && base.key().equals(stored.key())) {
                return null; // it moved as a whole
            }
            if (base != null) {
                chosen.add(bases.read(alike[i], base));
            }
        }
        if (before != null) {
            chosen.add(bases.read(place, before));
        }
        return chosen.isEmpty() ? null : encode(stored, plain, digest, chosen);
    }

    private Delta.@Nullable Made encode(
            StoredBlock stored, ByteBuffer plain, Digest digest, List<BaseBlocks.Base> chosen)
            throws IOException {
        int length = chosen.stream().mapToInt(base -> base.plain().length).sum();
        ByteBuffer content = ByteBuffer.allocate(length);
        chosen.forEach(base -> content.put(base.plain()));
        ByteBuffer delta = ByteBuffer.allocate(codec.maxEncodedLength(plain.remaining()));
        codec.encodeDelta(content.flip(), plain.duplicate(), delta, level);
        delta.flip();
        if (delta.remaining() + OVERHEAD > stored.length() - stored.length() / 4) {
            return null;
        }
        count.increment();
        bytes.add(delta.remaining());
        Digest name =
                digest.algorithm() == algorithm ? digest : Digest.of(algorithm, plain.duplicate());
        List<DeltaBase> named = chosen.stream().map(BaseBlocks.Base::base).toList();
        byte[] exact = new byte[delta.remaining()];
        delta.get(exact);
        return new Delta.Made(ByteBuffer.wrap(exact), codec.id(), name, named);
    }

    @Override
    public void close() {
        parent.close();
    }
}

package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Decides the stored form of a block: encoded, or as it is where that saves too little.
 * Thread-safe.
 */
final class BlockEncoder {
    /** A block that is not made smaller by a 32nd is not worth decoding each time it is read. */
    private static final int LEAST_SAVING_SHIFT = 5;

    private static final int SAMPLE_LENGTH = 64 << 10;

    private final @Nullable Codec codec;
    private final int level;

    /**
     * An encoder.
     *
     * @param codec null to store all blocks as they are
     * @throws FetchException.Unsupported if the codec has no such level
     */
    BlockEncoder(@Nullable Codec codec, int level) throws FetchException.Unsupported {
        if (codec != null && !codec.levels().contains(level)) {
            throw new FetchException.Unsupported(
                    "codec '"
                            + codec.id()
                            + "' has levels from "
                            + codec.levels().min()
                            + " to "
                            + codec.levels().max()
                            + ", not "
                            + level);
        }
        this.codec = codec;
        this.level = level;
    }

    /** The most bytes {@link #encode} needs for so many plain bytes. */
    int maxLength(int plainLength) {
        return codec == null ? 1 : codec.maxEncodedLength(plainLength);
    }

    /** Returns the codec; null if all blocks are stored as they are. */
    @Nullable Codec codecOrNull() {
        return codec;
    }

    /** Returns the codec's level. */
    int level() {
        return level;
    }

    /** Returns the id of the codec that decodes the encoded blocks. */
    String codecId() {
        return codec == null ? StoredBlock.PLAIN : codec.id();
    }

    /**
     * A stored form; valid as long as the buffers it was made of are left alone.
     *
     * @param bytes the stored bytes
     * @param encoded whether they are encoded; else they are the plain ones
     */
    record Form(ByteBuffer bytes, boolean encoded) {}

    /**
     * The stored form of a block, which is the block itself where encoding saves too little.
     *
     * @param plain the block; its position is left as it was
     * @param scratch is empty and has {@link #maxLength} bytes of room
     */
    Form encode(ByteBuffer plain, ByteBuffer scratch) throws CodecException {
        if (codec == null) {
            return new Form(plain.duplicate(), false);
        }
        int length = plain.remaining();
        Form form = encodeAlways(plain, scratch);
        return scratch.remaining() <= length - Math.max(1, length >> LEAST_SAVING_SHIFT)
                ? form
                : new Form(plain.duplicate(), false);
    }

    /** Encodes like {@link #encode}, however little it saves; requires a codec. */
    Form encodeAlways(ByteBuffer plain, ByteBuffer scratch) throws CodecException {
        Objects.requireNonNull(codec).encode(plain.duplicate(), scratch, level);
        return new Form(scratch.flip(), true);
    }

    /**
     * Returns whether stored bytes are an encoded form of a block.
     *
     * @param stored the stored bytes; their position is undefined afterwards
     * @param plain the block; its position is left as it was
     */
    boolean decodesTo(ByteBuffer stored, ByteBuffer plain) {
        ByteBuffer decoded = ByteBuffer.allocateDirect(plain.remaining());
        try {
            Objects.requireNonNull(codec).decodeWhole(stored, decoded);
        } catch (CodecException | RuntimeException _) {
            return false; // damaged: whatever the codec makes of it
        }
        return decoded.flip().equals(plain);
    }

    /**
     * Stands for codec and level. Changes when the codec's output does: what an earlier version of
     * its library encoded must not be mixed with what this one does, or equal images would get
     * unequal digests.
     */
    Digest fingerprint() throws CodecException {
        ByteBuffer sample = ByteBuffer.allocateDirect(SAMPLE_LENGTH);
        int state = 1;
        while (sample.hasRemaining()) {
            state = state * 1_664_525 + 1_013_904_223;
            sample.put((byte) ((state >>> 24) * (state >>> 18 & 3)));
        }
        ByteBuffer scratch = ByteBuffer.allocateDirect(maxLength(SAMPLE_LENGTH));
        ByteBuffer encoded = encode(sample.flip(), scratch).bytes();
        ByteBuffer text =
                ByteBuffer.wrap(
                        (codecId() + "\n" + level + "\n").getBytes(StandardCharsets.US_ASCII));
        ByteBuffer all =
                ByteBuffer.allocate(text.remaining() + encoded.remaining()).put(text).put(encoded);
        return Digest.of(DigestAlgorithm.SHA256, all.flip());
    }
}

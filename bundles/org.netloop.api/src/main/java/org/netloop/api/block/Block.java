package org.netloop.api.block;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Optional;

/**
 * Slice of an image. Immutable; equal if all of {@link #offset}, {@link #length} and {@link
 * #stored} are. Slices do not overlap; their lengths may differ from one to the next (the last one
 * of an image, or all of a format with content-defined blocks).
 */
public final class Block {
    private final long offset;
    private final int length;
    private final @Nullable StoredBlock stored;

    /** Null until requested: two concurrent callers compute the same value. */
    private @Nullable Digest identity;

    /**
     * Creates a slice.
     *
     * @param offset offset of its first byte in the image, in bytes, at least 0
     * @param length number of plain bytes, at least 1
     * @param storedOrNull location of its stored form; null if it is all zeros and stored nowhere
     * @throws IllegalArgumentException if offset or length are out of range
     */
    public Block(long offset, int length, @Nullable StoredBlock storedOrNull) {
        if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("block at " + offset + " has a length of " + length);
        }
        this.offset = offset;
        this.length = length;
        this.stored = storedOrNull;
    }

    /** Returns the offset of its first byte in the image, in bytes. */
    public long offset() {
        return offset;
    }

    /** Returns the number of plain bytes, at least 1. */
    public int length() {
        return length;
    }

    /** Returns the location of its stored form; null if it is all zeros and stored nowhere. */
    public @Nullable StoredBlock storedOrNull() {
        return stored;
    }

    /** Returns the location of its stored form; empty if it is all zeros and stored nowhere. */
    public Optional<StoredBlock> stored() {
        return Optional.ofNullable(stored);
    }

    /** Returns whether it is all zeros and stored nowhere. */
    public boolean isHole() {
        return stored == null;
    }

    /** Returns the offset of the first byte after it. */
    public long end() {
        return offset + length;
    }

    /**
     * Returns the name of its plain bytes: blocks with equal identity have equal plain bytes,
     * whatever image they belong to. It is derived from everything that decoding depends on: the
     * key of the stored form and its digest algorithm, what is verified, the codec, whether padding
     * may follow the stored form, and the plain length. The key alone is not enough: another image
     * may say of the same stored bytes that another codec decodes them.
     *
     * <p>Computed on the first call, and kept. It is no stronger than the key: where the key's
     * algorithm does not {@linkplain DigestAlgorithm#resistsCollisions resist collisions}, equal
     * identities mean equal bytes within one repository only.
     *
     * @throws IllegalStateException if the block is a hole
     */
    public Digest identity() {
        Digest known = identity;
        if (known == null) {
            if (stored == null) {
                throw new IllegalStateException("the block at " + offset + " is a hole");
            }
            known = stored.named("plain block").with(length).digest();
            identity = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Block that
                && offset == that.offset
                && length == that.length
                && Objects.equals(stored, that.stored);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(offset) + length) + Objects.hashCode(stored);
    }

    @Override
    public String toString() {
        return "Block[offset=" + offset + ", length=" + length + ", stored=" + stored + "]";
    }
}

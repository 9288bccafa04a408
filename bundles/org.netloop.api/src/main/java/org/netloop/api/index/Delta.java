package org.netloop.api.index;

import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A second form of a block: encoded against blocks of an earlier image. It is smaller than the
 * stored form, and of use to a reader that holds those blocks. The stored form stays available.
 *
 * @param stored location of the delta: a range of an object, verified by the digest of its bytes;
 *     its codec {@linkplain org.netloop.api.codec.Codec#decodeDelta decodes deltas}
 * @param run the range that a reader fetches, with neighbours that it is likely to want next
 * @param length number of plain bytes of the block, at least 1
 * @param plain digest of the plain bytes of the block
 * @param bases the blocks it refers to, in the order in which it was encoded against them; 1 to
 *     {@value #MOST_BASES}
 */
public record Delta(StoredBlock stored, Run run, int length, Digest plain, List<DeltaBase> bases) {

    /** Most blocks that a delta refers to: reading a block never costs more than those. */
    public static final int MOST_BASES = 4;

    /** Checks the ranges and copies the list. */
    public Delta {
        bases = List.copyOf(bases);
        if (length < 1 || bases.isEmpty() || bases.size() > MOST_BASES) {
            throw new IllegalArgumentException(
                    "a delta of " + length + " bytes refers to " + bases.size() + " blocks");
        }
        if (stored.verification() != Verification.STORED || stored.lengthIsBound()) {
            throw new IllegalArgumentException("no digest covers a delta of " + plain.brief());
        }
        if (!run.holds(stored)) {
            throw new IllegalArgumentException("a delta lies outside of " + run);
        }
    }

    /**
     * A range of the object in which a delta lies.
     *
     * @param position offset of its first byte
     * @param length number of its bytes, at least 1
     */
    public record Run(long position, int length) {
        boolean holds(StoredBlock stored) {
            return position >= 0
                    && stored.position() >= position
                    && stored.position() - position + stored.length() <= length;
        }
    }

    /**
     * A delta that was just made, for an {@link IndexWriter}.
     *
     * @param bytes the delta; not used after the call that it is passed to
     * @param codec id of the codec that decodes it
     * @param plain digest of the plain bytes of the block
     * @param bases the blocks it refers to, in order; 1 to {@value #MOST_BASES}
     */
    public record Made(ByteBuffer bytes, String codec, Digest plain, List<DeltaBase> bases) {
        /** Copies the list. */
        public Made {
            bases = List.copyOf(bases);
        }
    }
}

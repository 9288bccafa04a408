package org.netloop.api.profile;

import org.netloop.api.block.Digest;
import org.netloop.api.block.ObjectPath;

import java.util.List;

/**
 * An immutable object that holds the stored blocks of a profile one after the other, in its order:
 * what would be hundreds of requests is a few long ones. Immutable.
 *
 * @param path the object, relative to a mirror's base URI: {@linkplain ObjectPath#isInside inside}
 *     of the repository
 * @param pieces what it holds, from its first byte on, without gaps
 */
public record Pack(String path, List<Piece> pieces) {

    /** Checks the path, and copies the list. */
    public Pack {
        ObjectPath.requireInside(path, "a pack");
        pieces = List.copyOf(pieces);
    }

    /** Returns its length in bytes. */
    public long length() {
        return pieces.stream().mapToLong(Piece::length).sum();
    }

    /**
     * A stored block in a pack.
     *
     * @param key the digest of its bytes, by which it is known as one of the image's
     * @param length how many bytes it has, at least 1
     */
    public record Piece(Digest key, int length) {

        /** Checks the length. */
        public Piece {
            if (length < 1) {
                throw new IllegalArgumentException(
                        "piece " + key.brief() + " has a length of " + length);
            }
        }
    }
}

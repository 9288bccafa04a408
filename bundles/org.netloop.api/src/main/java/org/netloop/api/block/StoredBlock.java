package org.netloop.api.block;

/**
 * Where the stored form of a block lies, and how to turn it into plain bytes. Immutable.
 *
 * @param key names the block in caches: equal keys, equal bytes
 * @param verification what {@code key} vouches for
 * @param path the object that holds it, relative to a mirror's base URI, with {@code /} between its
 *     parts and none at its start; empty for the base URI itself
 * @param position where in that object it begins, in bytes; 0 for a whole object
 * @param length how many stored bytes there are, at least 1
 * @param whole whether the object is this block and nothing else, so that no range need be asked
 *     for
 * @param codec the id of the codec that decodes it; {@value #PLAIN} if it is stored as it is
 */
public record StoredBlock(
        Digest key,
        Verification verification,
        String path,
        long position,
        int length,
        boolean whole,
        String codec) {

    /** The codec id of a block that is stored as it is. */
    public static final String PLAIN = "none";

    /** Checks the ranges. */
    public StoredBlock {
        if (length < 1) {
            throw new IllegalArgumentException(
                    "stored block " + key.brief() + " has a length of " + length);
        }
        if (position < 0 || whole && position != 0) {
            throw new IllegalArgumentException(
                    "stored block " + key.brief() + " begins at " + position);
        }
        if (path.startsWith("/") || path.contains("..")) {
            throw new IllegalArgumentException(
                    "stored block " + key.brief() + " has the path '" + path + "'");
        }
    }

    /** A whole object, named by the digest of its bytes. */
    public static StoredBlock object(Digest digest, String path, int length, String codec) {
        return new StoredBlock(digest, Verification.STORED, path, 0, length, true, codec);
    }
}

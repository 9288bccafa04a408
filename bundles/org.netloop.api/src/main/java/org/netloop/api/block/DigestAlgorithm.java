package org.netloop.api.block;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The digest algorithms a name of content may be made with. Thread-safe. */
public enum DigestAlgorithm {
    /** SHA-256 (FIPS 180-4): the default. */
    SHA256("sha256", "SHA-256", 32),
    /** SHA-512 (FIPS 180-4). */
    SHA512("sha512", "SHA-512", 64),
    /** SHA-512/256 (FIPS 180-4): casync's default. */
    SHA512_256("sha512-256", "SHA-512/256", 32),
    /** SHA-1: read only where a foreign format names blocks by it; collisions are practical. */
    SHA1("sha1", "SHA-1", 20),
    /**
     * MD5 (RFC 1321): the layout of the HTTP-FUSE CLOOP paper; no defence against a hostile mirror.
     */
    MD5("md5", "MD5", 16);

    private final String id;
    private final String jcaName;
    private final int length;

    DigestAlgorithm(String id, String jcaName, int length) {
        this.id = id;
        this.jcaName = jcaName;
        this.length = length;
    }

    /** Returns the name before the colon of a digest: {@code sha256}. */
    public String id() {
        return id;
    }

    /** Returns the length of a value, in bytes. */
    public int length() {
        return length;
    }

    /**
     * Returns whether it is infeasible to make two contents with the same digest. Of one that does
     * not, a digest names a content only within the repository of somebody trusted: it is no name
     * between repositories.
     */
    public boolean resistsCollisions() {
        return this != MD5 && this != SHA1;
    }

    /** Returns a new, unshared engine of this algorithm. */
    public MessageDigest newMessageDigest() {
        try {
            return MessageDigest.getInstance(jcaName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks " + jcaName, e);
        }
    }

    /**
     * The algorithm of that id.
     *
     * @throws IllegalArgumentException if there is none; the message names those there are
     */
    public static DigestAlgorithm byId(String id) {
        for (DigestAlgorithm algorithm : values()) {
            if (algorithm.id.equals(id)) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException(
                "unknown digest algorithm '"
                        + id
                        + "': one of "
                        + Arrays.stream(values()).map(DigestAlgorithm::id).toList());
    }
}

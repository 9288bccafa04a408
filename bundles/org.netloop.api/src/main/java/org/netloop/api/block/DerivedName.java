package org.netloop.api.block;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Derives a name for something without a digest of its own from the values that identify it: equal
 * values in equal order give equal names. Used by one thread.
 *
 * <p>A name cannot be mistaken for the digest of some content: it has the form of a SHA-256, but is
 * the first half of a SHA-512. No one can publish an object with that digest.
 */
public final class DerivedName {
    private final MessageDigest engine = DigestAlgorithm.SHA512.newMessageDigest();

    private DerivedName() {}

    /**
     * Begins a name.
     *
     * @param kind what is named: names of different kinds differ
     */
    public static DerivedName of(String kind) {
        return new DerivedName().with("netloop").with(kind);
    }

    /** Goes on with a text. */
    public DerivedName with(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        with(bytes.length);
        engine.update(bytes);
        return this;
    }

    /** Goes on with a number. */
    public DerivedName with(long number) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            engine.update((byte) (number >>> shift));
        }
        return this;
    }

    /** Goes on with a digest: its algorithm and its value. */
    public DerivedName with(Digest digest) {
        with(digest.algorithm().id());
        engine.update(digest.bytes());
        return this;
    }

    /** Returns the name derived from everything added. Called once, last. */
    public Digest digest() {
        return new Digest(
                DigestAlgorithm.SHA256,
                Arrays.copyOf(engine.digest(), DigestAlgorithm.SHA256.length()));
    }
}

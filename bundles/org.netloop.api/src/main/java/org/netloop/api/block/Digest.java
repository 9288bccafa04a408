package org.netloop.api.block;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An algorithm and the value it gave: the name of some content. Immutable; equal when algorithm and
 * value are. Written {@code sha256:9f2c…}.
 */
public final class Digest implements Comparable<Digest> {
    private static final HexFormat HEX = HexFormat.of();
    private static final int BRIEF_HEX_DIGITS = 12;

    private final DigestAlgorithm algorithm;
    private final byte[] value;
    private final int hash;

    /**
     * A digest of that value, which is copied.
     *
     * @throws IllegalArgumentException if the value's length is not the algorithm's
     */
    public Digest(DigestAlgorithm algorithm, byte[] value) {
        this(value.clone(), algorithm);
    }

    private Digest(byte[] owned, DigestAlgorithm algorithm) {
        if (owned.length != algorithm.length()) {
            throw new IllegalArgumentException(
                    "a digest of "
                            + algorithm.id()
                            + " has "
                            + algorithm.length()
                            + " bytes, not "
                            + owned.length);
        }
        this.algorithm = algorithm;
        this.value = owned;
        this.hash = ByteBuffer.wrap(owned).getInt();
    }

    /** Returns the digest of the remaining bytes of {@code data}, whose position stays. */
    public static Digest of(DigestAlgorithm algorithm, ByteBuffer data) {
        MessageDigest engine = algorithm.newMessageDigest();
        engine.update(data.duplicate());
        return new Digest(engine.digest(), algorithm);
    }

    /** Reads a value of the algorithm's length at the position of {@code from}, and moves it on. */
    public static Digest read(DigestAlgorithm algorithm, ByteBuffer from) {
        byte[] value = new byte[algorithm.length()];
        from.get(value);
        return new Digest(value, algorithm);
    }

    /**
     * Reads {@code algorithm:hex}.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a digest: expected algorithm:hex");
        }
        return ofHex(DigestAlgorithm.byId(text.substring(0, colon)), text.substring(colon + 1));
    }

    /**
     * The digest whose value is written in hexadecimal digits of lower case.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static Digest ofHex(DigestAlgorithm algorithm, String hex) {
        if (hex.length() != 2 * algorithm.length() || !hex.chars().allMatch(Digest::isLowerHex)) {
            throw new IllegalArgumentException(
                    "'"
                            + hex
                            + "' is not the "
                            + 2 * algorithm.length()
                            + " lower-case hexadecimal digits of a digest of "
                            + algorithm.id());
        }
        return new Digest(HEX.parseHex(hex), algorithm);
    }

    private static boolean isLowerHex(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
    }

    /** Returns the algorithm. */
    public DigestAlgorithm algorithm() {
        return algorithm;
    }

    /** Returns a copy of the value. */
    public byte[] bytes() {
        return value.clone();
    }

    /** Writes the value at the position of {@code into}, and moves it on. */
    public void write(ByteBuffer into) {
        into.put(value);
    }

    /** Returns the value in hexadecimal digits of lower case. */
    public String hex() {
        return HEX.formatHex(value);
    }

    /** Returns whether the remaining bytes of {@code data} have this digest; the position stays. */
    public boolean matches(ByteBuffer data) {
        MessageDigest engine = algorithm.newMessageDigest();
        engine.update(data.duplicate());
        return MessageDigest.isEqual(value, engine.digest());
    }

    /** Enough of it for a message: {@code sha256:9f2c8a…}. */
    public String brief() {
        return algorithm.id() + ":" + hex().substring(0, BRIEF_HEX_DIGITS) + "…";
    }

    @Override
    public int compareTo(Digest other) {
        int byAlgorithm = algorithm.compareTo(other.algorithm);
        return byAlgorithm != 0 ? byAlgorithm : Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest that
                && algorithm == that.algorithm
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return algorithm.id() + ":" + hex();
    }
}

package org.netloop.api.block;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Location of a block's stored form, and the means to decode it. Immutable.
 *
 * @param key names the stored bytes; not the plain ones, which depend on the codec too: see {@link
 *     Block#identity}
 * @param verification what vouches for its bytes
 * @param path the object that holds it, relative to a mirror's base URI, with {@code /} between its
 *     parts and none at its start, as {@link ObjectPath} says; empty for the base URI itself; where
 *     that is a file, {@code ../} at the start leads to what lies beside it
 * @param position where in that object it begins, in bytes; 0 for a whole object
 * @param length how many stored bytes there are, at least 1; the most there may be, if {@link
 *     #lengthIsBound}
 * @param span whether it is the whole object or a range of it, and whether the length is exact
 * @param codec the id of the codec that decodes it; {@value #PLAIN} if it is stored as it is;
 *     {@value #RECOGNISED} if its index does not tell
 * @param plainOrNull the digest of its plain bytes, if they are what is verified; else null
 */
public record StoredBlock(
        Digest key,
        Verification verification,
        String path,
        long position,
        int length,
        Span span,
        String codec,
        @Nullable Digest plainOrNull) {

    /** Part of an object that a stored block is, and the meaning of its length. */
    public enum Span {
        /** The whole object, of exactly that length: no range need be asked for. */
        OBJECT,
        /** The whole object, of at most that length: its stored form ends where the object does. */
        OBJECT_WITHIN,
        /** A range of the object, of exactly that length. */
        RANGE,
        /**
         * A range of the object, in which the stored form begins with the first byte and ends
         * somewhere. What follows is padding, which only its codec can tell from the stored form.
         */
        RANGE_WITHIN
    }

    /** The codec id of a block that is stored as it is. */
    public static final String PLAIN = "none";

    /**
     * The codec id of a block that is decoded by whichever codec {@linkplain
     * org.netloop.api.codec.Codec#recognises recognises} its stored form.
     */
    public static final String RECOGNISED = "any";

    /** Checks the ranges. */
    public StoredBlock {
        if (length < 1) {
            throw new IllegalArgumentException(
                    "stored block " + key.brief() + " has a length of " + length);
        }
        if (position < 0 || position != 0 && isWhole(span)) {
            throw new IllegalArgumentException(
                    "stored block " + key.brief() + " begins at " + position);
        }
        if (!ObjectPath.isInsideOrBeside(path)) {
            // The message is only made when it is needed: blocks are made on every read.
            ObjectPath.requireInsideOrBeside(path, "stored block " + key.brief());
        }
        if ((plainOrNull != null) != (verification == Verification.PLAIN)) {
            throw new IllegalArgumentException(
                    "stored block "
                            + key.brief()
                            + " is verified as "
                            + verification
                            + " by the digest "
                            + plainOrNull
                            + " of its plain bytes");
        }
    }

    /** Creates a block stored as a whole object, named by the digest of its bytes. */
    public static StoredBlock object(Digest digest, String path, int length, String codec) {
        return new StoredBlock(
                digest, Verification.STORED, path, 0, length, Span.OBJECT, codec, null);
    }

    /**
     * Creates a block stored as a range of an object, verified by the digest of its stored bytes.
     *
     * @param digest the digest of the stored bytes
     * @param path the path of the object
     * @param position where the block begins in it, in bytes
     * @param length how many bytes it has there
     * @param codec the id of its codec
     */
    public static StoredBlock range(
            Digest digest, String path, long position, int length, String codec) {
        return new StoredBlock(
                digest, Verification.STORED, path, position, length, Span.RANGE, codec, null);
    }

    /**
     * A whole object of unknown length, vouched for by the digest of the plain bytes alone.
     *
     * @param plain the digest of the plain bytes
     * @param plainLength how many there are
     * @param most the most bytes that its stored form may have
     */
    public static StoredBlock chunk(
            Digest plain, int plainLength, String path, int most, String codec) {
        return new StoredBlock(
                chunkKey(plain, plainLength),
                Verification.PLAIN,
                path,
                0,
                most,
                Span.OBJECT_WITHIN,
                codec,
                plain);
    }

    /**
     * Not the digest itself: plain bytes may be made that are the stored bytes of another block,
     * and a cache must not give one for the other. Nor one for a slice of itself.
     */
    private static Digest chunkKey(Digest plain, int plainLength) {
        byte[] what = ("chunk " + plain.algorithm().id()).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer name =
                ByteBuffer.allocate(what.length + Integer.BYTES + plain.algorithm().length());
        name.put(what).putInt(plainLength);
        plain.write(name);
        return Digest.of(DigestAlgorithm.SHA256, name.flip());
    }

    /** Returns the digest of its plain bytes; empty if the stored bytes are verified instead. */
    public Optional<Digest> plain() {
        return Optional.ofNullable(plainOrNull);
    }

    private static boolean isWhole(Span span) {
        return switch (span) {
            case OBJECT, OBJECT_WITHIN -> true;
            case RANGE, RANGE_WITHIN -> false;
        };
    }

    /** Returns whether it is all of its object, so that no range need be requested. */
    public boolean whole() {
        return isWhole(span);
    }

    /** Returns whether {@link #length} is only an upper bound of the number of stored bytes. */
    public boolean lengthIsBound() {
        return span == Span.OBJECT_WITHIN || span == Span.RANGE_WITHIN;
    }

    /**
     * Returns whether padding may follow the stored form within its {@link #length} bytes: decoding
     * then stops at the end of the stored form, or when the plain bytes are complete.
     */
    public boolean hasPadding() {
        return span == Span.RANGE_WITHIN;
    }

    /**
     * Begins the name of something that is made of its stored bytes: with its key, what vouches for
     * them, the codec, whether padding may follow, and where nothing vouches for them, the place.
     *
     * @param kind what is named
     */
    public DerivedName named(String kind) {
        DerivedName name = DerivedName.of(kind).with(key).with(verification.name()).with(codec);
        DerivedName form = hasPadding() ? name.with(span.name()) : name;
        return switch (verification) {
            case STORED -> form;
            case PLAIN -> form.with(plain().orElseThrow());
            case NONE -> form.with(path).with(position).with(length);
        };
    }
}

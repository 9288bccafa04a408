package org.netloop.api.block;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where the stored form of a block lies, and how to turn it into plain bytes. Immutable.
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
 * @param whole whether the object is this block and nothing else, so that no range need be asked
 *     for
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
        boolean whole,
        String codec,
        @Nullable Digest plainOrNull) {

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
        if (position < 0 || whole && position != 0) {
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

    /** A block whose plain bytes have no digest of their own. */
    public StoredBlock(
            Digest key,
            Verification verification,
            String path,
            long position,
            int length,
            boolean whole,
            String codec) {
        this(key, verification, path, position, length, whole, codec, null);
    }

    /** A whole object, named by the digest of its bytes. */
    public static StoredBlock object(Digest digest, String path, int length, String codec) {
        return new StoredBlock(digest, Verification.STORED, path, 0, length, true, codec);
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
                true,
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

    /** The digest of its plain bytes, if they are what is verified. */
    public Optional<Digest> plain() {
        return Optional.ofNullable(plainOrNull);
    }

    /**
     * Begins the name of something that is made of its stored bytes: with its key, what vouches for
     * them, the codec, and where nothing vouches for them, the place.
     *
     * @param kind what is named
     */
    public DerivedName named(String kind) {
        DerivedName name = DerivedName.of(kind).with(key).with(verification.name()).with(codec);
        return switch (verification) {
            case STORED -> name;
            case PLAIN -> name.with(plain().orElseThrow());
            case NONE -> name.with(path).with(position).with(length);
        };
    }

    /**
     * Whether nobody tells how many stored bytes there are, nor need anyone, as the plain bytes are
     * verified: {@link #length} is then the most there may be.
     */
    public boolean lengthIsBound() {
        return whole && verification == Verification.PLAIN;
    }
}

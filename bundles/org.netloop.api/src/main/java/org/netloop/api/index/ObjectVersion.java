package org.netloop.api.index;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One version of an object that no digest vouches for: a file that is read in place. Immutable.
 *
 * @param path the object, as an {@link ObjectReader} calls it
 * @param length how many bytes it has
 * @param validatorOrNull what changes when the object does (an ETag); null if no mirror tells
 * @param name names this version, and no other of this or another object: no digest of its bytes.
 *     Without a validator it is new with each opening, so that no cache can give bytes of another
 *     version
 */
public record ObjectVersion(
        String path, long length, @Nullable String validatorOrNull, Digest name) {
    /** Checks the length. */
    public ObjectVersion {
        if (length < 0) {
            throw new IllegalArgumentException("object '" + path + "' has " + length + " bytes");
        }
    }

    /**
     * The version of the one file that a reference names: how a format that is a single file begins
     * to open it.
     *
     * @param format the id of the format, a part of what the image is called
     * @throws FetchException.Missing if the reference names a channel, which a file does not have,
     *     or another version than the one that is there now
     */
    public static ObjectVersion of(Reference reference, ObjectReader objects, String format)
            throws FetchException, InterruptedException {
        if (reference.channel().isPresent()) {
            throw new FetchException.Missing(
                    reference.repository()
                            + " is one file: it has no channel '"
                            + reference.channel().get()
                            + "'");
        }
        ObjectVersion file = objects.version("");
        Digest image = file.image(format);
        if (reference.digest().filter(asked -> !asked.equals(image)).isPresent()) {
            throw new FetchException.Missing(
                    reference.repository()
                            + " is now the image "
                            + image
                            + " of format "
                            + format
                            + ", not "
                            + reference.digest().get());
        }
        return file;
    }

    /**
     * Names the image that a format reads out of this version: another one for each format, as one
     * file is another disk to each.
     *
     * @param format the id of the format
     */
    public Digest image(String format) {
        byte[] id = format.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer both = ByteBuffer.allocate(name.algorithm().length() + id.length);
        name.write(both);
        return Digest.of(DigestAlgorithm.SHA256, both.put(id).flip());
    }

    /** What changes when the object does; empty if no mirror tells. */
    public Optional<String> validator() {
        return Optional.ofNullable(validatorOrNull);
    }

    /**
     * A block that lies in this object. Its key is told by the version's name and by these:
     *
     * @param position where in the object its stored form begins
     * @param stored how many stored bytes it has
     * @param plain how many plain bytes they decode to
     * @param codec what decodes them
     * @throws IllegalArgumentException if it is not all inside of the object
     */
    public StoredBlock range(long position, int stored, int plain, String codec) {
        if (position < 0 || stored < 1 || position > length - stored) {
            throw new IllegalArgumentException(
                    stored
                            + " bytes at "
                            + position
                            + " are not inside of the "
                            + length
                            + " of '"
                            + path
                            + "'");
        }
        return new StoredBlock(
                key(position, stored, plain, codec),
                Verification.NONE,
                path,
                position,
                stored,
                false,
                codec);
    }

    private Digest key(long position, int stored, int plain, String codec) {
        byte[] id = codec.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer place =
                ByteBuffer.allocate(name.algorithm().length() + Long.BYTES + 8 + id.length);
        name.write(place);
        place.putLong(position).putInt(stored).putInt(plain).put(id).flip();
        return Digest.of(DigestAlgorithm.SHA256, place);
    }
}

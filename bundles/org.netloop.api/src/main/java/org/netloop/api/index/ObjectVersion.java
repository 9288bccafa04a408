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
 * Version of an object that no digest verifies: a file that is read in place. Immutable.
 *
 * @param path the object's path, as in {@link ObjectReader}
 * @param length its length in bytes
 * @param validatorOrNull a text that changes when the object does (an ETag); null if no mirror
 *     sends one
 * @param name unique name of this version; not a digest of its bytes. Without a validator it is new
 *     with each opening, so that no cache returns bytes of another version
 */
public record ObjectVersion(
        String path, long length, @Nullable String validatorOrNull, Digest name) {
    /** Mark, in a key, of a stored length that is a bound. No codec's id has this character. */
    private static final String WITHIN = "~";

    /** Checks the length. */
    public ObjectVersion {
        if (length < 0) {
            throw new IllegalArgumentException("object '" + path + "' has " + length + " bytes");
        }
    }

    /**
     * Returns the version of the one file that a reference names: the first step of a format that
     * is a single file.
     *
     * @param format the id of the format, which is part of the image's name
     * @throws FetchException.Missing if the reference names a channel, which a file does not have,
     *     or a version other than the present one
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
     * Returns the name of the image that a format reads from this version: different for each
     * format, because each sees another disk in the file.
     *
     * @param format the id of the format
     */
    public Digest image(String format) {
        byte[] id = format.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer both = ByteBuffer.allocate(name.algorithm().length() + id.length);
        name.write(both);
        return Digest.of(DigestAlgorithm.SHA256, both.put(id).flip());
    }

    /** Returns the validator that changes when the object does; empty if no mirror sends one. */
    public Optional<String> validator() {
        return Optional.ofNullable(validatorOrNull);
    }

    /**
     * A block that lies in this object. Its key is derived from the version's name and the
     * parameters.
     *
     * @param position offset of its stored form in the object
     * @param stored number of stored bytes
     * @param plain number of plain bytes
     * @param codec id of the codec that decodes them
     * @throws IllegalArgumentException if it is not entirely inside the object
     */
    public StoredBlock range(long position, int stored, int plain, String codec) {
        return range(position, stored, plain, codec, StoredBlock.Span.RANGE);
    }

    /**
     * Returns a block whose stored form ends somewhere within these bytes, with padding after it;
     * otherwise as {@link #range(long, int, int, String)}.
     *
     * @param most longest stored form in bytes, entirely inside the object
     */
    public StoredBlock rangeWithin(long position, int most, int plain, String codec) {
        return range(position, most, plain, codec, StoredBlock.Span.RANGE_WITHIN);
    }

    private StoredBlock range(
            long position, int stored, int plain, String codec, StoredBlock.Span span) {
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
                key(
                        position,
                        stored,
                        plain,
                        codec + (span == StoredBlock.Span.RANGE ? "" : WITHIN)),
                Verification.NONE,
                path,
                position,
                stored,
                span,
                codec,
                null);
    }

    private Digest key(long position, int stored, int plain, String decoding) {
        byte[] id = decoding.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer place =
                ByteBuffer.allocate(name.algorithm().length() + Long.BYTES + 8 + id.length);
        name.write(place);
        place.putLong(position).putInt(stored).putInt(plain).put(id).flip();
        return Digest.of(DigestAlgorithm.SHA256, place);
    }
}

package org.netloop.transport.s3;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * An object as its server describes it. S3 computes a checksum of what it is sent, refuses what
 * does not match the sender's, and keeps it with the object. A server without checksums names an
 * object that was sent in one piece and is not encrypted by its MD5, as its ETag.
 *
 * @param length in bytes
 * @param sha256 of its bytes, in base64; null if the server has none
 * @param crc32 of its bytes, in base64; null if the server has none
 * @param md5 of its bytes, in lower-case hexadecimal, if the ETag can be one; else null
 */
record StoredObject(
        long length, @Nullable String sha256, @Nullable String crc32, @Nullable String md5) {
    private static final Pattern MD5 = Pattern.compile("\"?([0-9a-f]{32})\"?");

    /** Takes an answer apart; empty if it has no length. */
    static Optional<StoredObject> of(HeadObjectResponse head) {
        Long length = head.contentLength();
        if (length == null) {
            return Optional.empty();
        }
        var md5 = MD5.matcher(head.eTag() == null ? "" : head.eTag());
        return Optional.of(
                new StoredObject(
                        length,
                        head.checksumSHA256(),
                        head.checksumCRC32(),
                        md5.matches() ? md5.group(1) : null));
    }

    /** The checksum that an object of those remaining bytes is sent with. */
    static String sha256(ByteBuffer bytes) {
        return base64(Digest.of(DigestAlgorithm.SHA256, bytes));
    }

    private static String base64(Digest digest) {
        return Base64.getEncoder().encodeToString(digest.bytes());
    }

    private static String crc32(ByteBuffer bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes.duplicate());
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }

    /**
     * Returns whether the object has exactly the remaining bytes, as far as the server can confirm
     * it.
     */
    boolean has(ByteBuffer bytes) {
        if (length != bytes.remaining()) {
            return false;
        }
        if (sha256 != null) {
            return sha256.equals(sha256(bytes));
        }
        if (crc32 != null) {
            return crc32.equals(crc32(bytes));
        }
        return md5 != null && md5.equals(Digest.of(DigestAlgorithm.MD5, bytes).hex());
    }

    /** Returns whether the object has the given digest; empty if the server does not report one. */
    Optional<Boolean> has(Digest digest) {
        if (digest.algorithm() == DigestAlgorithm.SHA256 && sha256 != null) {
            return Optional.of(sha256.equals(base64(digest)));
        }
        if (digest.algorithm() == DigestAlgorithm.MD5 && digest.hex().equals(md5)) {
            return Optional.of(true);
        }
        return Optional.empty();
    }
}

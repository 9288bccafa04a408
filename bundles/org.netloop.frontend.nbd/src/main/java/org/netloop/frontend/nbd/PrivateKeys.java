package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads private keys as PEM: PKCS#8 (RFC 5208), and PKCS#1 (RFC 8017) as GnuTLS's certtool writes
 * them. Messages name the file and never show what is in it.
 */
final class PrivateKeys {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{0,20}PRIVATE KEY)-----([^-]+)-----END \\1-----");

    private static final String[] ALGORITHMS = {"RSA", "EC", "EdDSA"};

    /** The parts of PKCS#8 before the key itself: version 0, and rsaEncryption. */
    private static final byte[] RSA =
            HexFormat.of().parseHex("020100" + "300d06092a864886f70d0101010500");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    private PrivateKeys() {}

    /**
     * The first private key of a text.
     *
     * @param file where the text comes from
     * @throws IOException if there is none that can be used
     */
    static PrivateKey read(Path file, String text) throws IOException {
        Matcher block = BLOCK.matcher(text);
        if (!block.find()) {
            throw new IOException("'" + file + "' contains no private key in PEM");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(block.group(2).strip());
        } catch (IllegalArgumentException _) {
            throw unusable(file);
        }
        return switch (block.group(1)) {
            case "PRIVATE KEY" -> decoded(file, der);
            case "RSA PRIVATE KEY" -> decoded(file, wrapped(der));
            case "ENCRYPTED PRIVATE KEY" ->
                    throw new IOException(
                            "the private key in '"
                                    + file
                                    + "' is encrypted: make a PKCS#12 file of key and certificate"
                                    + " (openssl pkcs12 -export), and set tls.password.file");
            default ->
                    throw new IOException(
                            "the private key in '"
                                    + file
                                    + "' is not in PKCS#8: convert it by openssl pkcs8 -topk8"
                                    + " -nocrypt");
        };
    }

    private static PrivateKey decoded(Path file, byte[] pkcs8) throws IOException {
        PrivateKey key = null;
        for (int i = 0; key == null && i < ALGORITHMS.length; i++) {
            key = decodedOrNull(ALGORITHMS[i], pkcs8);
        }
        if (key == null) {
            throw unusable(file);
        }
        return key;
    }

    private static @Nullable PrivateKey decodedOrNull(String algorithm, byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException _) {
            return null;
        }
    }

    private static IOException unusable(Path file) {
        return new IOException(
                "the private key in '"
                        + file
                        + "' is damaged, or of a kind other than RSA, EC and Ed25519");
    }

    private static byte[] wrapped(byte[] pkcs1) {
        byte[] key = element(OCTET_STRING, pkcs1);
        return element(
                SEQUENCE, ByteBuffer.allocate(RSA.length + key.length).put(RSA).put(key).array());
    }

    /** An element of DER, its length in three bytes of the long form where it is 128 or more. */
    private static byte[] element(int tag, byte[] content) {
        byte[] size =
                HexFormat.of()
                        .parseHex(
                                content.length < 0x80
                                        ? HexFormat.of().toHexDigits((byte) content.length)
                                        : lengthOf(content.length));
        return ByteBuffer.allocate(1 + size.length + content.length)
                .put((byte) tag)
                .put(size)
                .put(content)
                .array();
    }

    private static String lengthOf(int length) {
        String digits = Integer.toHexString(length);
        String even = digits.length() % 2 == 0 ? digits : "0" + digits;
        return HexFormat.of().toHexDigits((byte) (0x80 | even.length() / 2)) + even;
    }
}

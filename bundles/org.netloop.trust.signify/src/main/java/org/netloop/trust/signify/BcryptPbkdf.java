package org.netloop.trust.signify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * OpenBSD's bcrypt_pbkdf: PBKDF2 with bcrypt in place of HMAC, and its output spread over the key.
 * Stateless.
 */
final class BcryptPbkdf {
    private static final int HASH = 32;
    private static final int WORDS = HASH / Integer.BYTES;
    private static final int COST = 64;
    private static final byte[] MAGIC = "OxychromaticBlowfishSwatDynamite".getBytes(US_ASCII);

    private BcryptPbkdf() {}

    /**
     * Makes a key of a passphrase.
     *
     * @param rounds at least 1
     * @param length of the key in bytes
     */
    static byte[] derive(byte[] passphrase, byte[] salt, int rounds, int length) {
        MessageDigest sha512 = sha512();
        byte[] phrase = sha512.digest(passphrase);
        byte[] key = new byte[length];
        int stride = (length + HASH - 1) / HASH;
        for (int count = 1; count <= stride; count++) {
            sha512.update(salt);
            byte[] block =
                    hash(phrase, sha512.digest(ByteBuffer.allocate(4).putInt(count).array()));
            byte[] out = block.clone();
            for (int round = 1; round < rounds; round++) {
                block = hash(phrase, sha512.digest(block));
                for (int i = 0; i < HASH; i++) {
                    out[i] ^= block[i];
                }
            }
            for (int i = 0; i < HASH && i * stride + count - 1 < length; i++) {
                key[i * stride + count - 1] = out[i];
            }
        }
        return key;
    }

    private static byte[] hash(byte[] phrase, byte[] salt) {
        Blowfish cipher = new Blowfish();
        cipher.expand(phrase, salt);
        for (int i = 0; i < COST; i++) {
            cipher.expand(salt);
            cipher.expand(phrase);
        }
        ByteBuffer magic = ByteBuffer.wrap(MAGIC);
        int[] words = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = magic.getInt();
        }
        for (int i = 0; i < COST; i++) {
            for (int at = 0; at < WORDS; at += 2) {
                cipher.encrypt(words, at);
            }
        }
        ByteBuffer out = ByteBuffer.allocate(HASH).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            out.putInt(word);
        }
        return out.array();
    }

    private static MessageDigest sha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK lacks SHA-512", e);
        }
    }
}

package org.netloop.trust.signify;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.netloop.api.trust.Signer.Passphrase;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A secret key as signify keeps it: {@code "Ed" "BK" rounds[4] salt[16] checksum[8] number[8]
 * key[64]}, where the key is seed and public key, XORed with what bcrypt_pbkdf makes of the
 * passphrase unless there are 0 rounds. Stateless.
 */
final class SecretKeyFile {
    private static final byte[] KDF = {'B', 'K'};
    private static final int SALT = 16;
    private static final int CHECKSUM = 8;
    private static final int KEY = 64;
    private static final int LENGTH =
            Signify.ALGORITHM_LENGTH + KDF.length + 4 + SALT + CHECKSUM + Signify.NUMBER + KEY;

    /** Number of rounds that signify uses. */
    private static final int ROUNDS = 42;

    /** A file of more is meant to keep its reader busy. */
    private static final int MOST_ROUNDS = 10_000;

    private SecretKeyFile() {}

    static String write(
            String comment,
            byte[] number,
            byte[] seed,
            byte[] point,
            char @Nullable [] passphrase) {
        byte[] key = ByteBuffer.allocate(KEY).put(seed).put(point).array();
        byte[] checksum = checksum(key);
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        int rounds = passphrase == null ? 0 : ROUNDS;
        mask(key, passphrase, salt, rounds);
        ByteBuffer file =
                ByteBuffer.allocate(LENGTH)
                        .put(Signify.ALGORITHM)
                        .put(KDF)
                        .putInt(rounds)
                        .put(salt)
                        .put(checksum)
                        .put(number)
                        .put(key);
        Arrays.fill(key, (byte) 0);
        String text = KeyText.write(comment, file.array());
        Arrays.fill(file.array(), (byte) 0);
        return text;
    }

    static SignifyKey read(String name, String text, Passphrase passphrase) throws IOException {
        byte[] value =
                KeyText.read(text, LENGTH)
                        .filter(Signify::isEd25519)
                        .orElseThrow(
                                () -> new IOException(name + " is not a secret key of signify"));
        ByteBuffer file = ByteBuffer.wrap(value).position(Signify.ALGORITHM_LENGTH);
        byte[] kdf = take(file, KDF.length);
        int rounds = file.getInt();
        byte[] salt = take(file, SALT);
        byte[] checksum = take(file, CHECKSUM);
        byte[] number = take(file, Signify.NUMBER);
        byte[] key = take(file, KEY);
        Arrays.fill(value, (byte) 0);
        if (!Arrays.equals(kdf, KDF) || rounds < 0 || rounds > MOST_ROUNDS) {
            throw new IOException(name + " is a secret key of a form that is not known");
        }
        if (rounds > 0) {
            char[] phrase = passphrase.ask(name);
            mask(key, phrase, salt, rounds);
            Arrays.fill(phrase, '\0');
        }
        if (!MessageDigest.isEqual(checksum, checksum(key))) {
            throw new IOException(
                    name + (rounds > 0 ? ": the passphrase is wrong" : " is damaged"));
        }
        byte[] seed = Arrays.copyOf(key, Ed25519.SEED);
        byte[] point = Arrays.copyOfRange(key, Ed25519.SEED, KEY);
        Arrays.fill(key, (byte) 0);
        if (!Arrays.equals(point, Ed25519.publicKeyOf(seed))) {
            throw new IOException(name + " is damaged: its two halves do not belong together");
        }
        return new SignifyKey(number, seed, point);
    }

    private static byte[] take(ByteBuffer file, int length) {
        byte[] bytes = new byte[length];
        file.get(bytes);
        return bytes;
    }

    private static byte[] checksum(byte[] key) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-512").digest(key), CHECKSUM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK lacks SHA-512", e);
        }
    }

    /** Encrypts and decrypts: with 0 rounds nothing. */
    private static void mask(byte[] key, char @Nullable [] passphrase, byte[] salt, int rounds) {
        if (passphrase == null || rounds == 0) {
            return;
        }
        ByteBuffer encoded = UTF_8.encode(CharBuffer.wrap(passphrase));
        byte[] phrase = take(encoded, encoded.remaining());
        byte[] pad = BcryptPbkdf.derive(phrase, salt, rounds, KEY);
        for (int i = 0; i < KEY; i++) {
            key[i] ^= pad[i];
        }
        Arrays.fill(pad, (byte) 0);
        Arrays.fill(phrase, (byte) 0);
        Arrays.fill(encoded.array(), (byte) 0);
    }
}

package org.netloop.trust.signify;

import org.netloop.api.trust.PublicKey;
import org.netloop.api.trust.SecretKey;

import java.nio.ByteBuffer;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A secret key in memory. */
final class SignifyKey implements SecretKey {
    private final byte[] number;
    private final PublicKey publicKey;
    private final byte[] seed;
    private final PrivateKey key;
    private volatile boolean closed;

    /**
     * @param number of the key, as signify has it
     * @param seed of the key; owned by this object from now on
     * @param point the public key
     */
    SignifyKey(byte[] number, byte[] seed, byte[] point) {
        this.number = number;
        this.seed = seed;
        this.key = Ed25519.privateKey(seed);
        this.publicKey = publicKey(number, point);
    }

    static PublicKey publicKey(byte[] number, byte[] point) {
        byte[] value =
                ByteBuffer.allocate(Signify.PUBLIC_KEY)
                        .put(Signify.ALGORITHM)
                        .put(number)
                        .put(point)
                        .array();
        return new PublicKey(
                Signify.SCHEME,
                HexFormat.of().formatHex(number),
                Base64.getEncoder().encodeToString(value));
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public ByteBuffer sign(ByteBuffer message) {
        if (closed) {
            throw new IllegalStateException("the secret key " + publicKey.id() + " is closed");
        }
        return ByteBuffer.allocate(Signify.SIGNATURE)
                .put(Signify.ALGORITHM)
                .put(number)
                .put(Ed25519.sign(key, message))
                .flip();
    }

    /** The JDK keeps a copy of its own, which only the garbage collector takes away. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(seed, (byte) 0);
    }

    /** Returns a description without the secret. */
    @Override
    public String toString() {
        return "secret key of " + publicKey;
    }
}

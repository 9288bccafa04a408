package org.netloop.trust.signify;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.Envelope;
import org.netloop.api.trust.PublicKey;
import org.netloop.api.trust.SecretKey;
import org.netloop.api.trust.Signer;
import org.netloop.api.trust.Verifier;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/** Keys and signatures that OpenBSD's signify reads and writes too. Stateless. */
@Component(service = {Verifier.class, Signer.class})
public final class Signify implements Signer {
    static final String SCHEME = "signify";
    static final byte[] ALGORITHM = {'E', 'd'};
    static final int ALGORITHM_LENGTH = 2;

    /** Length in bytes of a key's number, which is random and not part of the key. */
    static final int NUMBER = 8;

    static final int PUBLIC_KEY = ALGORITHM_LENGTH + NUMBER + Ed25519.PUBLIC;
    static final int SIGNATURE = ALGORITHM_LENGTH + NUMBER + 64;

    /** Created by Declarative Services. */
    public Signify() {}

    @Override
    public String scheme() {
        return SCHEME;
    }

    static boolean isEd25519(byte[] value) {
        return Arrays.equals(value, 0, ALGORITHM_LENGTH, ALGORITHM, 0, ALGORITHM_LENGTH);
    }

    @Override
    public Optional<PublicKey> key(String text) {
        return KeyText.read(text, PUBLIC_KEY)
                .filter(Signify::isEd25519)
                .map(value -> SignifyKey.publicKey(number(value), point(value)));
    }

    private static byte[] number(byte[] value) {
        return Arrays.copyOfRange(value, ALGORITHM_LENGTH, ALGORITHM_LENGTH + NUMBER);
    }

    private static byte[] point(byte[] value) {
        return Arrays.copyOfRange(value, ALGORITHM_LENGTH + NUMBER, PUBLIC_KEY);
    }

    @Override
    public Envelope open(String name, ByteBuffer bytes) throws FetchException.Corrupt {
        return EnvelopeText.read(name, bytes);
    }

    @Override
    public boolean verifies(PublicKey key, Envelope.Signature signature, ByteBuffer message) {
        ByteBuffer bytes = signature.bytes();
        byte[] value = KeyText.decode(key.text(), PUBLIC_KEY).orElse(null);
        if (value == null
                || bytes.remaining() != SIGNATURE
                || !key.id().equals(signature.keyId())) {
            return false;
        }
        bytes.position(ALGORITHM_LENGTH + NUMBER);
        return Ed25519.verifies(point(value), bytes, message);
    }

    @Override
    public KeyFiles create(String comment, char @Nullable [] passphrase) {
        KeyText.requireComment(comment);
        byte[] number = new byte[NUMBER];
        byte[] seed = new byte[Ed25519.SEED];
        SecureRandom random = new SecureRandom();
        random.nextBytes(number);
        random.nextBytes(seed);
        byte[] point = Ed25519.publicKeyOf(seed);
        byte[] value =
                ByteBuffer.allocate(PUBLIC_KEY).put(ALGORITHM).put(number).put(point).array();
        String secret =
                SecretKeyFile.write(comment + " secret key", number, seed, point, passphrase);
        Arrays.fill(seed, (byte) 0);
        return new KeyFiles(KeyText.write(comment + " public key", value), secret);
    }

    @Override
    public SecretKey read(String name, String text, Passphrase passphrase) throws IOException {
        return SecretKeyFile.read(name, text, passphrase);
    }

    @Override
    public ByteBuffer seal(Envelope envelope) {
        return EnvelopeText.write(envelope);
    }
}

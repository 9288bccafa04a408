package org.netloop.trust.signify;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;

/** Ed25519 (RFC 8032) by the JDK, over keys as signify keeps them. Stateless. */
final class Ed25519 {
    static final int PUBLIC = 32;
    static final int SEED = 32;

    private static final String NAME = "Ed25519";
    private static final int SIGN_BIT = 0x80;
    private static final int BYTE = 0xff;

    private Ed25519() {}

    static boolean verifies(byte[] key, ByteBuffer signature, ByteBuffer message) {
        try {
            Signature engine = Signature.getInstance(NAME);
            engine.initVerify(publicKey(key));
            engine.update(message.duplicate());
            byte[] bytes = new byte[signature.remaining()];
            signature.duplicate().get(bytes);
            return engine.verify(bytes);
        } catch (SignatureException _) {
            return false; // it cannot be one
        } catch (GeneralSecurityException _) {
            return false; // the key is not a point of the curve
        }
    }

    private static PublicKey publicKey(byte[] key) throws GeneralSecurityException {
        byte[] y = new byte[PUBLIC];
        for (int i = 0; i < PUBLIC; i++) {
            y[PUBLIC - 1 - i] = key[i];
        }
        boolean xIsOdd = (y[0] & SIGN_BIT) != 0;
        y[0] &= (byte) (BYTE ^ SIGN_BIT);
        EdECPoint point = new EdECPoint(xIsOdd, new BigInteger(1, y));
        return KeyFactory.getInstance(NAME)
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    static PrivateKey privateKey(byte[] seed) {
        try {
            return KeyFactory.getInstance(NAME)
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK takes no Ed25519 seed", e);
        }
    }

    static ByteBuffer sign(PrivateKey key, ByteBuffer message) {
        try {
            Signature engine = Signature.getInstance(NAME);
            engine.initSign(key);
            engine.update(message.duplicate());
            return ByteBuffer.wrap(engine.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK does not sign by Ed25519", e);
        }
    }

    /** The public key of a seed: the JDK derives it while it makes a pair of that seed. */
    static byte[] publicKeyOf(byte[] seed) {
        try {
            var pairs = java.security.KeyPairGenerator.getInstance(NAME);
            pairs.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
            byte[] encoded = pairs.generateKeyPair().getPublic().getEncoded();
            byte[] key = new byte[PUBLIC];
            System.arraycopy(encoded, encoded.length - PUBLIC, key, 0, PUBLIC);
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK makes no Ed25519 keys", e);
        }
    }

    /** Gives the seed in place of random bytes. */
    private static final class Fixed extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final transient byte[] seed;

        Fixed(byte[] seed) {
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}

package org.netloop.api.trust;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Makes keys and signatures of one scheme. Registered as a service of both types; called by many
 * threads at once.
 *
 * <p>Obligations: secret keys and passphrases are in no message, log or {@code toString}; a {@link
 * SecretKey} is wiped when it is closed.
 */
@ConsumerType
public interface Signer extends Verifier {

    /**
     * Makes a new pair of keys.
     *
     * @param comment one line that says whose it is; not signed, and not secret
     * @param passphrase encrypts the secret key; null to leave it as it is
     * @throws IllegalArgumentException if the comment cannot be written into a key file
     */
    KeyFiles create(String comment, char @Nullable [] passphrase);

    /**
     * Reads a secret key.
     *
     * @param name what messages call it
     * @param text the content of its file
     * @param passphrase asked if the key is encrypted
     * @throws IOException if it is not a secret key of this scheme, or the passphrase is wrong
     */
    SecretKey read(String name, String text, Passphrase passphrase) throws IOException;

    /** Puts a message and its signatures into one file. */
    ByteBuffer seal(Envelope envelope);

    /** Asks for a passphrase. */
    @FunctionalInterface
    interface Passphrase {
        /**
         * The passphrase; the caller overwrites it.
         *
         * @param name what the key is called
         * @throws IOException if nobody can be asked
         */
        char[] ask(String name) throws IOException;
    }

    /**
     * The files of a new pair of keys.
     *
     * @param publicKey the content of the file that readers get
     * @param secretKey the content of the file that never leaves its owner
     */
    record KeyFiles(String publicKey, String secretKey) {}
}

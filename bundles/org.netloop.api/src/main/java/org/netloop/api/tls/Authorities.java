package org.netloop.api.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificate authorities of a PEM file, trusted in place of those of the JDK. Immutable: a file
 * that changes is read anew by {@link #read}.
 */
public final class Authorities {
    private final Path file;
    private final KeyStore store;

    private Authorities(Path file, KeyStore store) {
        this.file = file;
        this.store = store;
    }

    /**
     * Reads the certificates of a file.
     *
     * @param pemFile one or more X.509 certificates
     * @throws IOException if it cannot be read, or has no certificate; the message names the file
     */
    public static Authorities read(Path pemFile) throws IOException {
        int number = 0;
        try (InputStream in = Files.newInputStream(pemFile)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate authority :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
            if (number == 0) {
                throw new IOException(pemFile + " contains no certificate");
            }
            return new Authorities(pemFile, store);
        } catch (GeneralSecurityException e) {
            throw unusable(pemFile, e);
        }
    }

    private static IOException unusable(Path file, GeneralSecurityException e) {
        return new IOException(
                "the certificates in '" + file + "' cannot be used: " + e.getMessage(), e);
    }

    /**
     * Returns trust managers that trust these authorities and no others; new ones with each call.
     */
    public TrustManager[] trustManagers() throws IOException {
        try {
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw unusable(file, e);
        }
    }

    /** Returns a context for clients that trust these authorities and no others. */
    public SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw unusable(file, e);
        }
    }

    /** Returns the number of authorities and their file. */
    @Override
    public String toString() {
        try {
            return store.size() + " authorities of " + file;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

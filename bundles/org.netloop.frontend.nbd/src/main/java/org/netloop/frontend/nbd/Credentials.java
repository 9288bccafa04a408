package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.SmallFile;
import org.netloop.api.tls.Authorities;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Certificate and key by which a server proves what it is. Immutable.
 *
 * @param file where the certificate comes from
 */
record Credentials(Path file, PrivateKey key, X509Certificate[] chain) {
    /** Longest file of certificates, keys or a password that is read, in bytes. */
    private static final int LONGEST = 1 << 20;

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    /** First byte of PKCS#12, which is DER; no PEM begins with it. */
    private static final byte DER = 0x30;

    /** Reads them. */
    static Credentials read(TlsSettings.Files files) throws IOException {
        Path file = files.certificate();
        byte[] bytes = SmallFile.read(file, LONGEST).array();
        Credentials read =
                bytes.length > 0 && bytes[0] == DER
                        ? pkcs12(file, bytes, files.passwordOrNull())
                        : pem(files, bytes);
        read.check();
        return read;
    }

    private static Credentials pem(TlsSettings.Files files, byte[] bytes) throws IOException {
        Path file = files.certificate();
        Path keyFile = files.keyOrNull() == null ? file : files.keyOrNull();
        PrivateKey key = PrivateKeys.read(keyFile, SmallFile.text(keyFile, LONGEST));
        String text = new String(bytes, StandardCharsets.UTF_8);
        // The JDK's reader takes text before a certificate, but no key.
        int first = text.indexOf(BEGIN);
        int last = text.lastIndexOf(END);
        if (first < 0 || last < first) {
            throw new IOException("'" + file + "' contains no certificate");
        }
        try {
            return new Credentials(
                    file,
                    key,
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(certificates(text)))
                            .toArray(X509Certificate[]::new));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate in '" + file + "' is damaged", e);
        }
    }

    private static byte[] certificates(String text) {
        StringBuilder only = new StringBuilder();
        for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
            int to = text.indexOf(END, at);
            only.append(text, at, to < 0 ? text.length() : to + END.length()).append('\n');
        }
        return only.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Credentials pkcs12(Path file, byte[] bytes, @Nullable Path passwordFile)
            throws IOException {
        char[] password =
                passwordFile == null
                        ? new char[0]
                        : SmallFile.text(passwordFile, LONGEST).stripTrailing().toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            for (String alias : Collections.list(store.aliases())) {
                Certificate[] chain = store.getCertificateChain(alias);
                if (chain != null && store.getKey(alias, password) instanceof PrivateKey key) {
                    return new Credentials(file, key, certificates(chain));
                }
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException(
                    "'"
                            + file
                            + "' cannot be opened as PKCS#12: it is damaged, or tls.password.file"
                            + " has another password",
                    e);
        }
        throw new IOException("'" + file + "' contains no private key with a certificate");
    }

    private static X509Certificate[] certificates(Certificate[] chain) {
        return Arrays.copyOf(chain, chain.length, X509Certificate[].class);
    }

    /** Checks that the key is the certificate's: files that are replaced one by one may differ. */
    private void check() throws IOException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        boolean fits;
        try {
            byte[] probe = file.toString().getBytes(StandardCharsets.UTF_8);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(chain[0].getPublicKey());
            signature.update(probe);
            fits = signature.verify(signed);
        } catch (GeneralSecurityException _) {
            fits = false;
        }
        if (!fits) {
            throw new IOException(
                    "the private key does not belong to the first certificate in '" + file + "'");
        }
    }

    /**
     * Makes a context of them.
     *
     * @param authorities who signs the certificates of clients; null if none are asked for
     */
    SSLContext context(@Nullable Authorities authorities) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            char[] none = new char[0];
            store.setKeyEntry("server", key, none, chain);
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] trust =
                    authorities == null ? new TrustManager[0] : authorities.trustManagers();
            context.init(keys.getKeyManagers(), trust, null);
            // A client's certificate is looked at with each connection.
            context.getServerSessionContext().setSessionTimeout(1);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the certificate in '" + file + "' cannot be used: " + e.getMessage(), e);
        }
    }
}

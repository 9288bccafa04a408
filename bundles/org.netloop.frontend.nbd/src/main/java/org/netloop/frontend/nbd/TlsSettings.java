package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Printable;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * TLS of a place, as its attachments configure it.
 *
 * @param files null where the mode is {@link TlsMode#OFF}
 * @param certificateRequired whether a client without a certificate is refused
 */
record TlsSettings(TlsMode mode, @Nullable Files files, boolean certificateRequired) {
    private static final String TLS = "tls";
    private static final String CERTIFICATE = "tls.certificate";
    private static final String KEY = "tls.key";
    private static final String PASSWORD_FILE = "tls.password.file";
    private static final String AUTHORITIES = "tls.client.authorities";
    private static final String CLIENT_CERTIFICATE = "tls.client.certificate";

    /** Name of the option that lists the clients of an export. */
    static final String CLIENTS = "tls.clients";

    /** Names of all options of TLS. */
    static final Set<String> OPTIONS =
            Set.of(TLS, CERTIFICATE, KEY, PASSWORD_FILE, AUTHORITIES, CLIENT_CERTIFICATE, CLIENTS);

    static final TlsSettings NONE = new TlsSettings(TlsMode.OFF, null, false);

    /**
     * Files that TLS needs; each is read again when it has changed.
     *
     * @param certificate PEM, the server's own certificate first; or PKCS#12
     * @param keyOrNull PEM; null if the certificate's file has the key too
     * @param passwordOrNull of PKCS#12; null if there is none
     * @param authoritiesOrNull PEM, who signs the certificates of clients; null if clients are not
     *     asked for one
     */
    record Files(
            Path certificate,
            @Nullable Path keyOrNull,
            @Nullable Path passwordOrNull,
            @Nullable Path authoritiesOrNull) {}

    /**
     * Reads the options of an attachment.
     *
     * @throws IllegalArgumentException if they contradict each other; the message says how
     */
    static TlsSettings of(Map<String, String> options) {
        TlsMode mode = mode(options);
        if (mode == TlsMode.OFF) {
            Set<String> others = new TreeSet<>(options.keySet());
            others.retainAll(OPTIONS);
            others.remove(TLS);
            if (!others.isEmpty()) {
                throw new IllegalArgumentException(
                        "without TLS there is no use for "
                                + String.join(", ", others)
                                + "; set tls.certificate, or leave it away");
            }
            return NONE;
        }
        Path certificate = path(options, CERTIFICATE);
        if (certificate == null) {
            throw new IllegalArgumentException(
                    "TLS needs a certificate: set tls.certificate, and tls.key if the key is in"
                            + " a file of its own");
        }
        Path authorities = path(options, AUTHORITIES);
        for (String name : new String[] {CLIENT_CERTIFICATE, CLIENTS}) {
            if (authorities == null && options.containsKey(name)) {
                throw new IllegalArgumentException(
                        name
                                + " needs tls.client.authorities, which sign the clients' certificates");
            }
        }
        return new TlsSettings(
                mode,
                new Files(
                        certificate, path(options, KEY), path(options, PASSWORD_FILE), authorities),
                authorities != null && isRequired(options));
    }

    private static TlsMode mode(Map<String, String> options) {
        String text = options.get(TLS);
        if (text == null) {
            return options.containsKey(CERTIFICATE) ? TlsMode.REQUIRED : TlsMode.OFF;
        }
        for (TlsMode mode : TlsMode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                "tls '" + Printable.line(text) + "' is not off, offered or required");
    }

    private static boolean isRequired(Map<String, String> options) {
        String text = options.getOrDefault(CLIENT_CERTIFICATE, "required");
        return switch (text) {
            case "required" -> true;
            case "optional" -> false;
            default ->
                    throw new IllegalArgumentException(
                            CLIENT_CERTIFICATE
                                    + " '"
                                    + Printable.line(text)
                                    + "' is not required or optional");
        };
    }

    private static @Nullable Path path(Map<String, String> options, String name) {
        String text = options.get(name);
        return text == null ? null : Path.of(text).toAbsolutePath();
    }
}

package org.netloop.frontend.nbd;

import org.netloop.api.message.Printable;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

import javax.net.ssl.SSLException;

/** Sentences about clients that TLS was not agreed on with. */
final class TlsFailures {
    private static final int DEEPEST = 16;
    private static final String ALERT = "Received fatal alert: ";

    private TlsFailures() {}

    /** The reason, as the predicate of a client. */
    static String sentence(SSLException failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < DEEPEST; i++, cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateExpiredException) {
                return "its certificate has expired";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "its certificate is not valid yet: check the clocks";
            }
            if (message.contains("unable to find valid certification path")
                    || message.contains("Path does not chain with any of the trust anchors")) {
                return "its certificate is not signed by one of tls.client.authorities";
            }
            if (message.contains("Empty client certificate chain")) {
                return "it has no certificate, which is required here";
            }
            if (message.contains("Unsupported or unrecognized SSL message")) {
                return "what follows STARTTLS is not TLS";
            }
            int alert = message.indexOf(ALERT);
            if (alert >= 0) {
                return "it refuses TLS with this server ("
                        + Printable.line(message.substring(alert + ALERT.length()))
                        + ")";
            }
        }
        return "TLS was not agreed on ("
                + Printable.line(String.valueOf(failure.getMessage()))
                + ")";
    }
}

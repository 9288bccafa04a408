package org.netloop.api.message;

import org.jspecify.annotations.Nullable;

import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Sentences about hosts and connections. */
final class NetworkFailures {
    private static final int DEEPEST = 16;

    /**
     * Length in characters below which a message is replaced: "Address already in use" and similar
     * ones are shorter.
     */
    private static final int SHORT = 32;

    private NetworkFailures() {}

    /** Null if it is no failure of the network, or its message says more than its type. */
    static @Nullable String sentence(Throwable failure) {
        return switch (failure) {
            case UnknownHostException e -> unknownHost(e);
            case UnresolvedAddressException _ -> "the host is not known to the resolver";
            case UnsupportedAddressTypeException _ ->
                    "this machine has no network of the address's kind (IPv4 or IPv6)";
            case BindException e ->
                    isShort(e)
                            ? "the address is in use already, or not one of this machine's"
                            : Failures.text(e);
            case NoRouteToHostException e -> isShort(e) ? "no route to the host" : Failures.text(e);
            case ConnectException e -> connect(e);
            case SocketTimeoutException e -> isShort(e) ? "no answer in time" : Failures.text(e);
            case TimeoutException e -> isShort(e) ? "it took too long" : Failures.text(e);
            case SSLException e -> tls(e);
            default -> null;
        };
    }

    private static String unknownHost(UnknownHostException failure) {
        String message = Failures.text(failure);
        if (Failures.isBare(message)) {
            return "the host "
                    + (message.isBlank() ? "" : message + " ")
                    + "is not known: check its name and the resolver (/etc/resolv.conf)";
        }
        return message.endsWith(": Temporary failure in name resolution")
                        || message.endsWith(": Name or service not known")
                ? "the host "
                        + message.substring(0, message.indexOf(": "))
                        + " is not known: check its name and the resolver (/etc/resolv.conf)"
                : message;
    }

    private static String connect(ConnectException failure) {
        String message = Failures.text(failure);
        if (message.isBlank() || message.equals("Connection refused")) {
            return "the connection was refused: nothing listens there";
        }
        return message.startsWith("Connection timed out") ? "no answer in time" : message;
    }

    private static String tls(SSLException failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < DEEPEST; i++, cause = cause.getCause()) {
            String message = Failures.text(cause);
            if (cause instanceof CertificateExpiredException) {
                return "the server's certificate has expired";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "the server's certificate is not valid yet: check this machine's clock";
            }
            if (message.contains("unable to find valid certification path")) {
                return "the server's certificate is not signed by an authority that this machine trusts";
            }
            if (message.contains("Unsupported or unrecognized SSL message")) {
                return "the server does not speak TLS: use http: instead of https:";
            }
        }
        return switch (failure) {
            case SSLPeerUnverifiedException e -> "the server's identity is not proved: " + said(e);
            case SSLHandshakeException e -> "TLS could not be agreed on: " + said(e);
            default -> "TLS failed: " + said(failure);
        };
    }

    private static String said(SSLException failure) {
        return Failures.text(failure).isBlank() ? "no reason was given" : Failures.text(failure);
    }

    /** Returns whether a message is a phrase of the system that names neither object nor remedy. */
    private static boolean isShort(Throwable failure) {
        String message = Failures.text(failure);
        return message.length() < SHORT && message.indexOf(':') < 0;
    }
}

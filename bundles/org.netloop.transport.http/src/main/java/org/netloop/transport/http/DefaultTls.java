package org.netloop.transport.http;

import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.security.NoSuchAlgorithmException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * TLS with the JDK's authorities, which are read for the first connection that wants it: that takes
 * 50 ms of a start, and most mirrors are asked without. Thread-safe.
 */
final class DefaultTls implements TlsStrategy {
    private volatile @Nullable TlsStrategy made;

    private TlsStrategy strategy() throws SSLException {
        TlsStrategy strategy = made;
        if (strategy == null) {
            try {
                strategy = Clients.tls(SSLContext.getDefault());
            } catch (NoSuchAlgorithmException e) {
                throw new SSLException(
                        "the JDK's certificates cannot be used: " + e.getMessage(), e);
            }
            made = strategy;
        }
        return strategy;
    }

    @Override
    public void upgrade(
            TransportSecurityLayer session,
            NamedEndpoint endpoint,
            @Nullable Object attachment,
            @Nullable Timeout handshakeTimeout,
            @Nullable FutureCallback<TransportSecurityLayer> callback) {
        try {
            strategy().upgrade(session, endpoint, attachment, handshakeTimeout, callback);
        } catch (SSLException e) {
            if (callback != null) {
                callback.failed(e);
            }
        }
    }

    /** Unused: the client does not call this method, which the interface had before. */
    @Override
    @Deprecated
    public boolean upgrade(
            TransportSecurityLayer session,
            HttpHost host,
            SocketAddress local,
            SocketAddress remote,
            @Nullable Object attachment,
            @Nullable Timeout handshakeTimeout) {
        upgrade(session, host, attachment, handshakeTimeout, null);
        return true;
    }
}

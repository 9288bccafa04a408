package org.netloop.transport.http;

import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.netloop.api.tls.Authorities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/** Makes the HTTP client of some settings. */
final class Clients {
    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);
    private static final int VALIDATE_AFTER_SECONDS = 5;

    /** The longest stored block comes without waiting for the window to be opened again. */
    private static final int STREAM_WINDOW = 1 << 20;

    /**
     * Longest line of a header in bytes: policies and cookies of 9 KiB occur, and curl accepts 100
     * KiB.
     */
    private static final int LONGEST_LINE = 64 << 10;

    /** Lines of a head. With the length of each, this bounds what one answer's head can take. */
    private static final int MOST_LINES = 100;

    /** Largest header block over HTTP/2, in bytes. */
    private static final int LONGEST_HEAD = 256 << 10;

    private Clients() {}

    static CloseableHttpAsyncClient make(
            HttpSettings settings, Places places, Proxies proxies, Names names) throws IOException {
        Timeout response = Timeout.ofMilliseconds(settings.response_timeout_ms());
        return HttpAsyncClients.custom()
                .setConnectionManager(connections(settings, places, names))
                .setIOReactorConfig(reactor(response))
                .setDefaultRequestConfig(requests(response))
                .setHttp1Config(http1())
                .setH2Config(http2())
                .addExecInterceptorAfter(
                        ChainElement.CONNECT.name(),
                        "latency",
                        (request, body, scope, chain, callback) -> {
                            if (scope.clientContext.getAttribute(Target.ATTRIBUTE)
                                    instanceof Target target) {
                                target.asked();
                            }
                            chain.proceed(request, body, scope, callback);
                        })
                .setRoutePlanner(proxies)
                .setDefaultCredentialsProvider(proxies.credentials())
                .setIoReactorExceptionCallback(Clients::failed)
                .setUserAgent(settings.user_agent())
                // Redirects are followed here, so that credentials stay with their origin; retries
                // are the engine's.
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .evictExpiredConnections()
                .evictIdleConnections(TimeValue.ofMilliseconds(settings.idle_timeout_ms()))
                .build();
    }

    /**
     * Tells of a failure of the threads that do all input and output. One that ends while
     * connections are open may find them closed by whoever stops the client.
     */
    private static void failed(Exception failure) {
        if (failure instanceof ClosedSelectorException) {
            LOG.debug("a thread of the HTTP client ended late", failure);
        } else {
            LOG.error(
                    "a thread of the HTTP client failed: {}",
                    org.netloop.api.message.Failures.sentence(failure),
                    failure);
        }
    }

    private static RequestConfig requests(Timeout response) {
        return RequestConfig.custom()
                .setResponseTimeout(response)
                .setConnectionRequestTimeout(Timeout.DISABLED)
                .setContentCompressionEnabled(false)
                .build();
    }

    private static Http1Config http1() {
        return Http1Config.custom()
                .setMaxLineLength(LONGEST_LINE)
                .setMaxHeaderCount(MOST_LINES)
                .build();
    }

    private static H2Config http2() {
        return H2Config.custom()
                .setPushEnabled(false)
                .setInitialWindowSize(STREAM_WINDOW)
                .setMaxHeaderListSize(LONGEST_HEAD)
                .build();
    }

    private static IOReactorConfig reactor(Timeout response) {
        return IOReactorConfig.custom()
                .setIoThreadCount(Runtime.getRuntime().availableProcessors())
                .setTcpNoDelay(true)
                .setSoKeepAlive(true)
                .setSoTimeout(response)
                .build();
    }

    private static PoolingAsyncClientConnectionManager connections(
            HttpSettings settings, Places places, Names names) throws IOException {
        Timeout connect = Timeout.ofMilliseconds(settings.connect_timeout_ms());
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setDnsResolver(names)
                .setMaxConnPerRoute(places.each())
                .setMaxConnTotal(places.all())
                .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(
                                        settings.response_timeout_ms(), TimeUnit.MILLISECONDS)
                                .setValidateAfterInactivity(
                                        TimeValue.ofSeconds(VALIDATE_AFTER_SECONDS))
                                .build())
                .setDefaultTlsConfig(
                        TlsConfig.custom()
                                .setHandshakeTimeout(connect)
                                .setVersionPolicy(version(settings.http_version()))
                                .build())
                .setTlsStrategy(tls(settings.ca_file()))
                .build();
    }

    private static TlsStrategy tls(String authorities) throws IOException {
        return authorities.isBlank()
                ? new DefaultTls()
                : tls(Authorities.read(Path.of(authorities)).context());
    }

    static TlsStrategy tls(SSLContext context) {
        return ClientTlsStrategyBuilder.create().setSslContext(context).buildAsync();
    }

    private static HttpVersionPolicy version(String setting) {
        return switch (setting) {
            case "negotiate" -> HttpVersionPolicy.NEGOTIATE;
            case "http1" -> HttpVersionPolicy.FORCE_HTTP_1;
            case "http2" -> HttpVersionPolicy.FORCE_HTTP_2;
            default ->
                    throw new IllegalArgumentException(
                            "'"
                                    + setting
                                    + "' is not an HTTP version: expected negotiate, http1 or http2");
        };
    }
}

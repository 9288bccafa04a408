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
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/** Makes the HTTP client of some settings. */
final class Clients {
    private static final int VALIDATE_AFTER_SECONDS = 5;

    /** The longest stored block comes without waiting for the window to be opened again. */
    private static final int STREAM_WINDOW = 1 << 20;

    /** The same as for HTTP/1.1 by default: 100 lines of 8 KiB would already be absurd. */
    private static final int MOST_HEADERS = 64 << 10;

    private Clients() {}

    static CloseableHttpAsyncClient make(HttpSettings settings) throws IOException {
        Proxies proxies =
                new Proxies(settings.proxy(), settings.proxy_authorization(), System.getenv());
        Timeout response = Timeout.ofMilliseconds(settings.response_timeout_ms());
        return HttpAsyncClients.custom()
                .setConnectionManager(connections(settings))
                .setIOReactorConfig(
                        IOReactorConfig.custom()
                                .setIoThreadCount(Runtime.getRuntime().availableProcessors())
                                .setTcpNoDelay(true)
                                .setSoKeepAlive(true)
                                .setSoTimeout(response)
                                .build())
                .setDefaultRequestConfig(
                        RequestConfig.custom()
                                .setResponseTimeout(response)
                                .setConnectionRequestTimeout(Timeout.DISABLED)
                                .setContentCompressionEnabled(false)
                                .build())
                .setH2Config(
                        H2Config.custom()
                                .setPushEnabled(false)
                                .setInitialWindowSize(STREAM_WINDOW)
                                .setMaxHeaderListSize(MOST_HEADERS)
                                .build())
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

    private static PoolingAsyncClientConnectionManager connections(HttpSettings settings)
            throws IOException {
        Timeout connect = Timeout.ofMilliseconds(settings.connect_timeout_ms());
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(settings.connections_per_mirror())
                .setMaxConnTotal(settings.connections())
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
        return authorities.isBlank() ? new DefaultTls() : tls(Authorities.context(authorities));
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
                            "'" + setting + "' is no HTTP version: negotiate, http1 or http2");
        };
    }
}

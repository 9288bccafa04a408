package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.transport.FetchException.Unsupported;

import java.net.URI;
import java.util.Map;

/** Tests which proxy is used for which request. */
class ProxiesTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "http_proxy", "http://plain:8080",
                    "HTTPS_PROXY", "secure",
                    "no_proxy", "near.example, .far.example,127.0.0.1:81,::1");

    private static @Nullable String proxyFor(
            Proxies proxies, String scheme, String host, int port) {
        HttpHost proxy = proxies.proxyFor(new HttpHost(scheme, host, port));
        return proxy == null ? null : proxy.toHostString();
    }

    @ParameterizedTest
    @CsvSource({
        "http, other.example, 80, plain:8080",
        "https, other.example, 443, secure:3128",
        "http, near.example, 80,",
        "http, a.NEAR.example, 80,",
        "http, notnear.example, 80, plain:8080",
        "https, far.example, 443,",
        "http, 127.0.0.1, 81,",
        "http, 127.0.0.1, 82, plain:8080",
    })
    void theEnvironmentSaysWhichProxy(
            String scheme, String host, int port, @Nullable String expected) {
        Proxies proxies = new Proxies("environment", "", ENVIRONMENT);
        assertThat(proxyFor(proxies, scheme, host, port)).isEqualTo(expected);
    }

    @Test
    void aSettingIsForAllAndNothingIsForNone() {
        assertThat(proxyFor(new Proxies("http://p:1", "", ENVIRONMENT), "https", "near.example", 1))
                .isEqualTo("p:1");
        assertThat(proxyFor(new Proxies(" ", "", ENVIRONMENT), "http", "other.example", 1))
                .isNull();
        assertThat(proxyFor(new Proxies("environment", "", Map.of()), "http", "other", 1)).isNull();
    }

    @Test
    void theProxysPasswordIsForTheProxyOnly() {
        Proxies proxies = new Proxies("http://me:sesame@proxy:3128", "", Map.of());
        assertThat(proxies.credentials().getCredentials(scope("proxy", 3128), null)).isNotNull();
        assertThat(proxies.credentials().getCredentials(scope("mirror", 80), null)).isNull();
        assertThat(
                        new Proxies("http://proxy", "me:sesame", Map.of())
                                .credentials()
                                .getCredentials(scope("proxy", 3128), null))
                .isNotNull();
    }

    private static AuthScope scope(String host, int port) {
        return new AuthScope("http", host, port, "realm", "Basic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks://me:sesame@host:1",
                "https://me:sesame@host:1",
                "http://me:sesame@",
                "me:sesame@ho st",
                "http://me:sesame@host:port",
            })
    void aProxyThatIsNoneIsRefusedWhenItIsNeededWithoutItsPassword(String setting) {
        Proxies proxies = new Proxies("environment", "", Map.of("HTTP_PROXY", setting));
        assertThatThrownBy(() -> proxies.nameFor(URI.create("http://mirror/x")))
                .isInstanceOf(Unsupported.class)
                .hasMessageContaining("set by HTTP_PROXY is not an HTTP proxy")
                .hasMessageNotContaining("sesame");
    }

    @Test
    void aProxyIsToldWithWhoSetIt() throws Exception {
        Proxies proxies = new Proxies("environment", "", ENVIRONMENT);
        assertThat(proxies.nameFor(URI.create("http://other/x")))
                .isEqualTo("the proxy http://plain:8080 set by http_proxy");
        assertThat(proxies.nameFor(URI.create("https://other/x")))
                .isEqualTo("the proxy http://secure set by HTTPS_PROXY");
        assertThat(proxies.nameFor(URI.create("http://near.example/x"))).isNull();
        assertThat(new Proxies("me:sesame@p:1", "", Map.of()).nameFor(URI.create("http://m/")))
                .isEqualTo(
                        "the proxy http://p:1 set by the setting proxy of"
                                + " org.netloop.transport.http");
    }
}

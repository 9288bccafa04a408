package org.netloop.transport.http;

import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which proxy leads to a host, and who asks it: a configured one, or what {@code http_proxy} and
 * its like say. Immutable.
 */
final class Proxies extends DefaultRoutePlanner {
    /** As a setting: the environment decides. */
    static final String ENVIRONMENT = "environment";

    private static final int STANDARD_PORT = 3128;

    private record Proxy(HttpHost host, @Nullable String user) {}

    /** By the scheme of what is asked for. */
    private final Map<String, Proxy> proxies = new HashMap<>();

    private final List<String> bypassed;
    private final String user;

    /**
     * @param setting a proxy's URI, empty for none, or {@value #ENVIRONMENT}
     * @param user {@code user:password} for the proxy, before what its URI says; empty for none
     * @throws IllegalArgumentException if a proxy's URI is none; shown without its password
     */
    Proxies(String setting, String user, Map<String, String> environment) {
        super(null);
        this.user = user;
        boolean asked = setting.strip().equals(ENVIRONMENT);
        for (String scheme : List.of("http", "https")) {
            String proxy = asked ? variable(environment, scheme + "_proxy") : setting.strip();
            if (!proxy.isEmpty()) {
                proxies.put(scheme, parse(proxy));
            }
        }
        bypassed =
                asked
                        ? Arrays.stream(variable(environment, "no_proxy").split(","))
                                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                                .filter(entry -> !entry.isEmpty())
                                .map(entry -> entry.startsWith(".") ? entry.substring(1) : entry)
                                .toList()
                        : List.of();
    }

    private static String variable(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value != null
                ? value.strip()
                : environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip();
    }

    private static Proxy parse(String text) {
        String shown = Credentials.shown(text.contains("://") ? text : "http://" + text);
        try {
            URI uri = URI.create(text.contains("://") ? text : "http://" + text);
            if (uri.getHost() != null && Origin.scheme(uri).equals("http")) {
                int port = uri.getPort() < 0 ? STANDARD_PORT : uri.getPort();
                return new Proxy(new HttpHost("http", uri.getHost(), port), uri.getUserInfo());
            }
        } catch (IllegalArgumentException _) {
            // Its message would show a password.
        }
        throw new IllegalArgumentException(
                "'" + shown + "' is no proxy: expected http://[user:password@]host:port");
    }

    @Override
    protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
        return proxyFor(target);
    }

    @Nullable HttpHost proxyFor(HttpHost target) {
        Proxy proxy = proxies.get(target.getSchemeName());
        return proxy == null || bypassed.stream().anyMatch(entry -> covers(entry, target))
                ? null
                : proxy.host();
    }

    private static boolean covers(String entry, HttpHost target) {
        String host = target.getHostName().toLowerCase(Locale.ROOT);
        return entry.equals("*")
                || host.equals(entry)
                || host.endsWith("." + entry)
                || entry.equals(host + ":" + target.getPort());
    }

    /** For the proxies only: a mirror that asks for a password never gets theirs. */
    CredentialsProvider credentials() {
        BasicCredentialsProvider provider = new BasicCredentialsProvider();
        for (Proxy proxy : proxies.values()) {
            String who = !user.isBlank() ? user : proxy.user() == null ? "" : proxy.user();
            int colon = who.indexOf(':');
            if (colon > 0) {
                provider.setCredentials(
                        new AuthScope(proxy.host()),
                        new UsernamePasswordCredentials(
                                who.substring(0, colon), who.substring(colon + 1).toCharArray()));
            }
        }
        return provider;
    }
}

package org.netloop.transport.http;

import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Secrets;
import org.netloop.api.transport.FetchException.Unsupported;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Selects the proxy of a host, and its credentials: a configured one, or the one from {@code
 * http_proxy} and related variables. Immutable.
 */
final class Proxies extends DefaultRoutePlanner {
    /** Value of the setting that leaves the choice to the environment. */
    static final String ENVIRONMENT = "environment";

    private static final int STANDARD_PORT = 3128;

    /**
     * A proxy, or what is none.
     *
     * @param name as messages call it, with who set it
     * @param host null if it is not one that can be used
     * @param user {@code user:password}; null if there is none
     */
    private record Proxy(String name, @Nullable HttpHost host, @Nullable String user) {}

    /** Proxies by the scheme of the requested URI. */
    private final Map<String, Proxy> proxies = new HashMap<>();

    private final Bypass bypass;
    private final String user;

    /**
     * @param setting a proxy's URI, empty for none, or {@value #ENVIRONMENT}
     * @param user {@code user:password} for the proxy, before what its URI says; empty for none
     */
    Proxies(String setting, String user, Map<String, String> environment) {
        super(null);
        this.user = user;
        boolean asked = setting.strip().equals(ENVIRONMENT);
        for (String scheme : List.of("http", "https")) {
            String variable = present(environment, scheme + "_proxy");
            String proxy = asked ? environment.getOrDefault(variable, "") : setting;
            String source = asked ? variable : "the setting proxy of org.netloop.transport.http";
            if (!proxy.isBlank()) {
                proxies.put(scheme, parse(proxy.strip(), source));
            }
        }
        String none = environment.getOrDefault(present(environment, "no_proxy"), "");
        bypass = asked ? Bypass.of(none) : Bypass.none();
    }

    /** A variable's name as it is set, in lower or upper case. */
    private static String present(Map<String, String> environment, String name) {
        return environment.containsKey(name) ? name : name.toUpperCase(Locale.ROOT);
    }

    private static Proxy parse(String text, String source) {
        String whole = text.contains("://") ? text : "http://" + text;
        String name = "the proxy " + Secrets.hide(whole) + " set by " + source;
        try {
            URI uri = URI.create(whole);
            if (uri.getHost() != null && Origin.scheme(uri).equals("http")) {
                int port = uri.getPort() < 0 ? STANDARD_PORT : uri.getPort();
                return new Proxy(
                        name, new HttpHost("http", uri.getHost(), port), uri.getUserInfo());
            }
        } catch (IllegalArgumentException _) {
            // It is refused when it is needed: hosts that it does not lead to can be asked.
        }
        return new Proxy(name, null, null);
    }

    /**
     * The proxy that leads to a URI, as messages call it; null if it is asked directly.
     *
     * @throws Unsupported if what is set is no proxy that can be used
     */
    @Nullable String nameFor(URI uri) throws Unsupported {
        Origin origin = Origin.of(uri);
        Proxy proxy = proxies.get(origin.scheme());
        if (proxy == null || bypass.covers(origin.host(), origin.port())) {
            return null;
        }
        if (proxy.host() == null) {
            throw new Unsupported(
                    Secrets.hide(uri)
                            + " is not asked: "
                            + proxy.name()
                            + " is not an HTTP proxy; name one as http://HOST:PORT, or"
                            + " list the host in no_proxy");
        }
        return proxy.name();
    }

    @Override
    protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
        return proxyFor(target);
    }

    @Nullable HttpHost proxyFor(HttpHost target) {
        Proxy proxy = proxies.get(target.getSchemeName());
        return proxy == null || bypass.covers(target.getHostName(), target.getPort())
                ? null
                : proxy.host();
    }

    /** Returns the host to connect to for a URI: its proxy, or its own; empty if it has none. */
    String hostFor(URI uri) {
        Origin origin = Origin.of(uri);
        if (origin.host().isEmpty()) {
            return "";
        }
        HttpHost proxy = proxyFor(new HttpHost(origin.scheme(), origin.host(), origin.port()));
        return proxy == null ? origin.host() : proxy.getHostName();
    }

    /**
     * Returns the proxies' credentials; they are never sent to a mirror that asks for a password.
     */
    CredentialsProvider credentials() {
        BasicCredentialsProvider provider = new BasicCredentialsProvider();
        for (Proxy proxy : proxies.values()) {
            String who = !user.isBlank() ? user : proxy.user() == null ? "" : proxy.user();
            int colon = who.indexOf(':');
            if (colon > 0 && proxy.host() != null) {
                provider.setCredentials(
                        new AuthScope(proxy.host()),
                        new UsernamePasswordCredentials(
                                who.substring(0, colon), who.substring(colon + 1).toCharArray()));
            }
        }
        return provider;
    }
}

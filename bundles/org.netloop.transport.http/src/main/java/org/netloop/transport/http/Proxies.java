package org.netloop.transport.http;

import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which proxy leads to a host: a configured one, or what {@code http_proxy} and its like say. */
final class Proxies extends DefaultRoutePlanner {
    /** As a setting: the environment decides. */
    static final String ENVIRONMENT = "environment";

    private final String setting;
    private final Map<String, String> environment;

    /**
     * @param setting a proxy's URI, empty for none, or {@value #ENVIRONMENT}
     */
    Proxies(String setting, Map<String, String> environment) {
        super(null);
        this.setting = setting.strip();
        this.environment = environment;
        if (!setting.isBlank() && !setting.equals(ENVIRONMENT)) {
            parse(setting);
        }
    }

    @Override
    protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
        return proxyFor(target);
    }

    @Nullable HttpHost proxyFor(HttpHost target) {
        if (setting.isEmpty()) {
            return null;
        }
        if (!setting.equals(ENVIRONMENT)) {
            return parse(setting);
        }
        String proxy = variable(target.getSchemeName() + "_proxy");
        return proxy.isEmpty() || bypasses(target.getHostName()) ? null : parse(proxy);
    }

    private String variable(String name) {
        String value = environment.get(name);
        String upper = environment.get(name.toUpperCase(Locale.ROOT));
        return value != null ? value.strip() : upper == null ? "" : upper.strip();
    }

    private boolean bypasses(String host) {
        List<String> entries =
                Arrays.stream(variable("no_proxy").split(",")).map(String::strip).toList();
        return entries.contains("*")
                || entries.stream()
                        .filter(entry -> !entry.isEmpty())
                        .map(entry -> entry.startsWith(".") ? entry.substring(1) : entry)
                        .anyMatch(
                                entry ->
                                        host.equalsIgnoreCase(entry)
                                                || host.toLowerCase(Locale.ROOT)
                                                        .endsWith(
                                                                "."
                                                                        + entry.toLowerCase(
                                                                                Locale.ROOT)));
    }

    private static HttpHost parse(String proxy) {
        URI uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "'" + proxy + "' is no proxy: expected http://host:port");
        }
        return new HttpHost(
                uri.getScheme(), uri.getHost(), uri.getPort() < 0 ? 3128 : uri.getPort());
    }
}

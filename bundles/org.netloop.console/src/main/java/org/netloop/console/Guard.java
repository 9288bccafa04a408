package org.netloop.console;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * Refuses what no reader of this server sends: a name of the host that is not its own (which a page
 * elsewhere reaches by DNS rebinding), a request of another site's page, a body, another method, or
 * one request too many. Sets the headers that every answer has. Thread-safe.
 */
final class Guard extends Filter {
    private static final Pattern PORT = Pattern.compile(":[0-9]*$");
    private static final List<String> OWN_SITE = List.of("same-origin", "none");
    private static final String POLICY = "default-src 'none'; frame-ancestors 'none'";

    private final Set<String> hosts;
    private final Semaphore places;

    /**
     * @param hosts names by which clients may call it besides its addresses, in lower case
     * @param places how many requests are answered at a time
     */
    Guard(Set<String> hosts, int places) {
        this.hosts = Set.copyOf(hosts);
        this.places = new Semaphore(places);
    }

    @Override
    public String description() {
        return "refuses requests that are not meant for this server";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        Headers answer = exchange.getResponseHeaders();
        answer.set("Cache-Control", "no-store");
        answer.set("Content-Security-Policy", POLICY);
        answer.set("Referrer-Policy", "no-referrer");
        answer.set("X-Content-Type-Options", "nosniff");
        String refusal = refusal(exchange);
        if (refusal != null) {
            Answer.text(exchange, Answer.FORBIDDEN, refusal);
        } else if (!exchange.getRequestMethod().matches("GET|HEAD")) {
            answer.set("Allow", "GET, HEAD");
            Answer.text(exchange, Answer.METHOD_NOT_ALLOWED, "only GET and HEAD are answered");
        } else if (!places.tryAcquire()) {
            Answer.text(exchange, Answer.UNAVAILABLE, "too many requests at a time");
        } else {
            try {
                chain.doFilter(exchange);
            } finally {
                places.release();
            }
        }
    }

    private @Nullable String refusal(HttpExchange exchange) {
        Headers request = exchange.getRequestHeaders();
        List<String> named = request.getOrDefault("Host", List.of());
        if (named.size() != 1
                || !isOwn(named.getFirst(), exchange.getLocalAddress().getAddress())) {
            return "this server does not go by that name; see 'hosts' of org.netloop.console";
        }
        String origin = request.getFirst("Origin");
        String site = request.getFirst("Sec-Fetch-Site");
        boolean foreign =
                origin != null && !origin.equalsIgnoreCase("http://" + named.getFirst())
                        || site != null && !OWN_SITE.contains(site);
        if (foreign) {
            return "pages of other sites are not answered";
        }
        String length = request.getFirst("Content-Length");
        boolean hasBody =
                length != null && !length.equals("0") || request.containsKey("Transfer-Encoding");
        return hasBody ? "requests have no body" : null;
    }

    private boolean isOwn(String host, InetAddress local) {
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        return hosts.contains(name)
                || name.equals(literal(local))
                || local.isLoopbackAddress() && name.equals("localhost");
    }

    private static String literal(InetAddress local) {
        String text = local.getHostAddress();
        return text.contains(":") ? "[" + compressed(text) + "]" : text;
    }

    /** Returns an IPv6 address as clients write that of the loopback interface. */
    private static String compressed(String address) {
        return address.equals("0:0:0:0:0:0:0:1") ? "::1" : address;
    }
}

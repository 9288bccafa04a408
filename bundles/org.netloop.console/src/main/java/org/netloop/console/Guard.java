package org.netloop.console;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses what no reader of this server sends: a name of the host that is not its own (which a page
 * elsewhere reaches by DNS rebinding), a request of another site's page, another method, a body
 * where nothing is changed, or one request too many. Sets the headers that every answer has.
 * Thread-safe.
 */
final class Guard extends Filter {
    private static final Pattern PORT = Pattern.compile(":[0-9]*$");
    private static final Pattern BRACKETS = Pattern.compile("\\[([0-9a-f:.]+)(%[^]]*)?]");
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
        } else if (!methods(exchange).contains(exchange.getRequestMethod())) {
            String allowed = String.join(", ", methods(exchange));
            answer.set("Allow", allowed);
            Answer.text(exchange, Answer.METHOD_NOT_ALLOWED, "only " + allowed + " is answered");
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

    private static List<String> methods(HttpExchange exchange) {
        return isChange(exchange) ? List.of("POST") : List.of("GET", "HEAD");
    }

    private static boolean isChange(HttpExchange exchange) {
        return ControlPage.PATH.equals(exchange.getRequestURI().getPath());
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
        boolean hasBody = length != null && !length.equals("0");
        boolean isRefused =
                hasBody && !isChange(exchange) || request.containsKey("Transfer-Encoding");
        return isRefused ? "requests have no body, or one of known length" : null;
    }

    /** Returns whether a host, as clients name it, is this server; no name is looked up. */
    boolean isOwn(String host, InetAddress local) {
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        return hosts.contains(name)
                || isAddress(name, local)
                || local.isLoopbackAddress() && name.equals("localhost");
    }

    /** An IPv6 address has many texts, and a zone that clients do not send. */
    private static boolean isAddress(String name, InetAddress local) {
        Matcher brackets = BRACKETS.matcher(name);
        if (!brackets.matches()) {
            return name.equals(local.getHostAddress());
        }
        try {
            byte[] address = InetAddress.ofLiteral(brackets.group(1)).getAddress();
            return Arrays.equals(address, local.getAddress());
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}

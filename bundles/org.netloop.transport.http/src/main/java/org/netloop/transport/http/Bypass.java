package org.netloop.transport.http;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The hosts that no proxy leads to, as {@code no_proxy} lists them, separated by commas or blanks:
 *
 * <ul>
 *   <li>{@code *}: all;
 *   <li>{@code example.org}, {@code .example.org} and {@code *.example.org}: that host and all
 *       below it;
 *   <li>{@code 192.0.2.1}, {@code 2001:db8::1}, {@code [2001:db8::1]}: that address;
 *   <li>{@code 192.0.2.0/24}, {@code 2001:db8::/32}: all addresses of that network;
 *   <li>each with {@code :port} after it (an address of IPv6 in brackets): of that port only.
 * </ul>
 *
 * Names are not resolved: a network covers URIs that have an address in them. Immutable.
 */
final class Bypass {
    private static final int ANY_PORT = -1;

    /** A host, or a network of {@code bits}, at a port. */
    private record Rule(String host, byte @Nullable [] network, int bits, int port) {
        boolean covers(String asked, byte @Nullable [] address, int askedPort) {
            if (port != ANY_PORT && port != askedPort) {
                return false;
            }
            if (network != null) {
                return address != null && sameNetwork(network, address, bits);
            }
            return host.equals("*") || asked.equals(host) || asked.endsWith("." + host);
        }
    }

    private final List<Rule> rules;

    private Bypass(List<Rule> rules) {
        this.rules = rules;
    }

    /** Returns a list that covers no host. */
    static Bypass none() {
        return new Bypass(List.of());
    }

    /**
     * Parses the environment variable; an entry that is not understood covers the host of exactly
     * that name.
     */
    static Bypass of(String variable) {
        return new Bypass(
                Arrays.stream(variable.toLowerCase(Locale.ROOT).split("[,\\s]+"))
                        .filter(entry -> !entry.isEmpty())
                        .map(Bypass::rule)
                        .toList());
    }

    private static Rule rule(String entry) {
        int colon = entry.lastIndexOf(':');
        boolean hasPort =
                colon > 0
                        && entry.substring(colon + 1).matches("[0-9]{1,5}")
                        && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']');
        String host = bare(hasPort ? entry.substring(0, colon) : entry);
        int port = hasPort ? Integer.parseInt(entry.substring(colon + 1)) : ANY_PORT;
        int slash = host.indexOf('/');
        byte[] network = address(bare(slash < 0 ? host : host.substring(0, slash)));
        if (network == null) {
            return new Rule(host.replaceFirst("^\\*?\\.", ""), null, 0, port);
        }
        int all = network.length * Byte.SIZE;
        String bits = slash < 0 ? String.valueOf(all) : host.substring(slash + 1);
        return bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= all
                ? new Rule(host, network, Integer.parseInt(bits), port)
                : new Rule(host, null, 0, port);
    }

    /** Strips brackets, and the dot that ends a fully qualified name. */
    private static String bare(String host) {
        String inside =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        return inside.length() > 1 && inside.endsWith(".")
                ? inside.substring(0, inside.length() - 1)
                : inside;
    }

    /** Null if it is a name. */
    private static byte @Nullable [] address(String host) {
        try {
            return InetAddress.ofLiteral(host).getAddress();
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static boolean sameNetwork(byte[] network, byte[] address, int bits) {
        if (network.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if (((network[bit / Byte.SIZE] ^ address[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether the host is reached without a proxy.
     *
     * @param host a name or an address, with or without brackets
     */
    boolean covers(String host, int port) {
        String asked = bare(host.toLowerCase(Locale.ROOT));
        byte[] address = rules.isEmpty() ? null : address(asked);
        return rules.stream().anyMatch(rule -> rule.covers(asked, address, port));
    }
}

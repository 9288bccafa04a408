package org.netloop.api.http;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Address that a server listens on, as given on a command line. */
public final class ListenAddress {
    private static final Pattern FORM = Pattern.compile("(\\[[^\\]]+]|[^:\\[\\]]+):([0-9]{1,9})");
    private static final int LAST_PORT = 65535;

    private ListenAddress() {}

    /**
     * Reads {@code HOST:PORT}; an IPv6 address is in brackets.
     *
     * @param option names the option or setting in the message
     * @throws IllegalArgumentException if it is not of that form, the port is beyond 65535, or the
     *     host is not known
     */
    public static InetSocketAddress parse(String option, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    option + " '" + text + "' is not HOST:PORT, like 127.0.0.1:8080 or [::1]:8080");
        }
        int port = Integer.parseInt(form.group(2));
        if (port > LAST_PORT) {
            throw new IllegalArgumentException(
                    option + " '" + text + "' has a port beyond " + LAST_PORT);
        }
        InetSocketAddress address = new InetSocketAddress(form.group(1), port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(
                    option + " '" + text + "' has a host that is not known: " + form.group(1));
        }
        return address;
    }

    /**
     * Returns an address as it is written: {@code HOST:PORT}, an IPv6 address in brackets. No name
     * is looked up.
     */
    public static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}

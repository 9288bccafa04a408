package org.netloop.console;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the address that the console listens on. */
final class Listen {
    private static final Pattern FORM = Pattern.compile("(\\[[^\\]]+]|[^:\\[\\]]+):([0-9]{1,5})");
    private static final int LAST_PORT = 65535;

    private Listen() {}

    /**
     * Reads {@code HOST:PORT}; an IPv6 address is in brackets.
     *
     * @throws IllegalArgumentException if it is not of that form, the port is beyond 65535, or the
     *     host is not known
     */
    static InetSocketAddress parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(2)) > LAST_PORT) {
            throw new IllegalArgumentException(
                    "'listen' of org.netloop.console is '"
                            + text
                            + "', not HOST:PORT like 127.0.0.1:9639 or [::1]:9639");
        }
        InetSocketAddress address =
                new InetSocketAddress(form.group(1), Integer.parseInt(form.group(2)));
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(
                    "'listen' of org.netloop.console names an unknown host: " + form.group(1));
        }
        return address;
    }
}

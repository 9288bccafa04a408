package org.netloop.api.http;

/**
 * Limits of the JDK's web server, which takes them from system properties when it is first used:
 * one set for all servers of a process. What was set before stays.
 */
final class ServerLimits {
    private ServerLimits() {}

    /**
     * Sets them: a client that is slow to ask or to listen loses its connection; idle and further
     * connections are bounded; nobody waits for the rest of a body that is refused.
     */
    static void set() {
        setting("sun.net.httpserver.maxReqTime", "10");
        setting("sun.net.httpserver.maxRspTime", "30");
        setting("sun.net.httpserver.maxReqHeaders", "50");
        setting("sun.net.httpserver.maxIdleConnections", "1024");
        setting("jdk.httpserver.maxConnections", "4096");
        setting("sun.net.httpserver.nodelay", "true");
        setting("sun.net.httpserver.drainAmount", "0");
    }

    private static void setting(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}

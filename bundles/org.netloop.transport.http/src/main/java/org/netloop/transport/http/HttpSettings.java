package org.netloop.transport.http;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The settings of the transport. A change makes a new client; fetches under way end on the old one.
 */
@ObjectClassDefinition(name = "HTTP transport")
@interface HttpSettings {
    @AttributeDefinition(
            name = "Connections per mirror",
            min = "1",
            description =
                    "Most fetches from one mirror at a time; at most a quarter of connections")
    int connections_per_mirror() default 160;

    @AttributeDefinition(
            name = "Connections in all",
            min = "1",
            description =
                    "Most fetches at a time over all mirrors, beyond 8 that each has of its own")
    int connections() default 640;

    @AttributeDefinition(
            name = "Connect timeout (ms)",
            min = "1",
            description = "Time limit for opening a connection, in ms")
    int connect_timeout_ms() default 3_000;

    @AttributeDefinition(
            name = "Response timeout (ms)",
            min = "1",
            description = "Longest silence of a mirror before or during its answer, in ms")
    int response_timeout_ms() default 10_000;

    @AttributeDefinition(
            name = "Idle timeout (ms)",
            min = "0",
            description = "How long an idle connection is kept, in ms")
    int idle_timeout_ms() default 60_000;

    @AttributeDefinition(
            name = "HTTP version",
            options = {@Option("negotiate"), @Option("http1"), @Option("http2")},
            description = "negotiate: HTTP/2 where TLS offers it, else HTTP/1.1")
    String http_version() default "negotiate";

    @AttributeDefinition(
            name = "Proxy",
            required = false,
            description =
                    "http://host:port; empty: no proxy; environment: as http_proxy,"
                            + " https_proxy and no_proxy say")
    String proxy() default Proxies.ENVIRONMENT;

    @AttributeDefinition(
            name = "Proxy authorization",
            required = false,
            description = "user:password for the proxy")
    String proxy_authorization() default "";

    @AttributeDefinition(
            name = "Authorization",
            required = false,
            description =
                    "Credentials by URI prefix, each 'https://host/ basic user:password'"
                            + " or 'https://host/ bearer token', or basic-file or bearer-file with a"
                            + " path")
    String[] authorization() default {};

    @AttributeDefinition(
            name = "Authorities",
            required = false,
            description = "PEM file of certificate authorities, in place of the JDK's")
    String ca_file() default "";

    @AttributeDefinition(name = "User agent", description = "Value of the User-Agent header")
    String user_agent() default "netloop";
}

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
            description = "How many fetches from one mirror are under way at a time over HTTP/1.1")
    int connections_per_mirror() default 160;

    @AttributeDefinition(
            name = "Connections in all",
            min = "1",
            description = "The same over all mirrors")
    int connections() default 640;

    @AttributeDefinition(
            name = "Connect timeout (ms)",
            min = "1",
            description = "How long a connection may take to open")
    int connect_timeout_ms() default 3_000;

    @AttributeDefinition(
            name = "Response timeout (ms)",
            min = "1",
            description =
                    "How long a mirror may say nothing, before its answer or in the middle of it")
    int response_timeout_ms() default 10_000;

    @AttributeDefinition(
            name = "Idle timeout (ms)",
            min = "0",
            description = "How long a connection is kept that nobody uses")
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
                    "http://host:port; empty for none; 'environment' for what http_proxy,"
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
                    "Each 'https://host/ basic user:password', 'https://host/ bearer token', or"
                            + " basic-file or bearer-file and a path")
    String[] authorization() default {};

    @AttributeDefinition(
            name = "Authorities",
            required = false,
            description = "A PEM file of certificates that vouch for servers, instead of the JDK's")
    String ca_file() default "";

    @AttributeDefinition(name = "User agent", description = "What servers are told")
    String user_agent() default "netloop";
}

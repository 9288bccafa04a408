package org.netloop.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.jspecify.annotations.Nullable;
import org.netloop.api.control.DeploymentControl;
import org.netloop.api.health.Health;
import org.netloop.api.http.ListenAddress;
import org.netloop.api.http.WebServer;
import org.netloop.api.status.Reports;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Serves a page, metrics and health over HTTP. There once it is configured. */
@Component(
        service = {},
        configurationPid = "org.netloop.console",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Console.Config.class)
public final class Console {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    /** Requests that are answered at a time; further ones are refused. */
    private static final int PLACES = 16;

    /** Pages that may be open at a time: they take at most so many places. */
    private static final int STREAMS = 8;

    /** A stream of events ends before the time is up that an answer may take. */
    private static final EventPage.Limits EVENTS = new EventPage.Limits(25, 1000, STREAMS);

    private static final Set<String> MAP = Set.of("volume", "offset", "length", "cells");

    @ObjectClassDefinition(name = "Console", description = "A page, metrics and health over HTTP")
    @interface Config {
        @AttributeDefinition(
                name = "Listen",
                description =
                        "Address and port to listen on, HOST:PORT. Whoever reaches it may read"
                                + " all measures: there is neither encryption nor a password")
        String listen() default "127.0.0.1:9639";

        @AttributeDefinition(
                name = "Hosts",
                required = false,
                description =
                        "Names by which clients may call it, apart from its addresses and, on"
                                + " loopback, localhost")
        String[] hosts() default {};

        @AttributeDefinition(
                name = "Token file",
                required = false,
                description =
                        "File with the token of at least 16 characters that whoever changes"
                                + " something through the page has to show; only its owner may"
                                + " read it. Empty: the page is read-only")
        String token_file() default "";
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable DeploymentControl control;

    private final WebServer server;

    /**
     * Created by Declarative Services.
     *
     * @throws IOException if it cannot listen there
     */
    @Activate
    public Console(Config config, @Reference Reports reports, @Reference Health health)
            throws IOException {
        this(
                ListenAddress.parse("listen of org.netloop.console", config.listen()),
                config.hosts(),
                config.token_file().isEmpty() ? null : Path.of(config.token_file()),
                reports,
                health);
    }

    /**
     * @param tokenFile has the token for changes; null if nothing can be changed
     */
    Console(
            InetSocketAddress address,
            String[] hosts,
            @Nullable Path tokenFile,
            Reports reports,
            Health health)
            throws IOException {
        HealthPages pages = new HealthPages(health);
        Map<String, HttpHandler> handlers = new TreeMap<>(StaticPages.handlers());
        ControlPage changes =
                new ControlPage(new Token(tokenFile), new Tries(System::nanoTime), () -> control);
        handlers.put("/events", new EventPage(reports, health, changes::isOpen, EVENTS));
        handlers.put(ControlPage.PATH, changes);
        handlers.put("/map", new ReadPage("volume.map", MAP, () -> control));
        handlers.put("/bundles", new ReadPage("bundle.ls", Set.of(), () -> control));
        handlers.put("/features", new ReadPage("feature.ls", Set.of(), () -> control));
        handlers.put("/log", new ReadPage("log.recent", Set.of(), () -> control));
        handlers.put("/metrics", new MetricsPage(reports, health));
        handlers.put("/health/live", pages::live);
        handlers.put("/health/ready", pages::ready);
        Guard guard =
                new Guard(
                        Arrays.stream(hosts)
                                .map(name -> name.toLowerCase(Locale.ROOT))
                                .collect(Collectors.toUnmodifiableSet()),
                        PLACES);
        server = new WebServer(address, 0, exchange -> route(handlers, exchange), List.of(guard));
    }

    private static void route(Map<String, HttpHandler> handlers, HttpExchange exchange)
            throws IOException {
        HttpHandler handler = handlers.get(exchange.getRequestURI().getPath());
        if (handler == null) {
            Answer.text(
                    exchange,
                    Answer.NOT_FOUND,
                    "not found; there are " + String.join(", ", handlers.keySet()));
        } else {
            handler.handle(exchange);
        }
    }

    /** Takes what answers requests; Declarative Services does it by the field. */
    void control(DeploymentControl answers) {
        control = answers;
    }

    @Activate
    void start() {
        server.start();
        LOG.info("the console listens on {}", ListenAddress.text(server.address()));
    }

    /** Returns the port that it listens on. */
    int port() {
        return server.address().getPort();
    }

    /** Listens no more; what is being answered is cut off. */
    @Deactivate
    void stop() {
        server.close();
    }
}

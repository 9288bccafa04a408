package org.netloop.gateway.http;

import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.http.ListenAddress;
import org.netloop.api.http.WebServer;
import org.netloop.api.mirror.MirroredRepositories;
import org.netloop.api.status.Measures;
import org.netloop.api.status.Report;
import org.netloop.api.status.Reporter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Mirror for the neighbours of this machine, over HTTP. There once it is configured. */
@Component(
        service = {Reporter.class, HealthCheck.class},
        immediate = true,
        configurationPid = "org.netloop.gateway.http",
        property = HealthCheck.NAME + "=gateway",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Gateway.Config.class)
public final class Gateway implements Reporter, HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** Longest wait of a request for its place: a reader then asks its next mirror. */
    private static final Duration WAIT = Duration.ofSeconds(5);

    /** Connections that wait to be accepted, when many machines start at once. */
    private static final int BACKLOG = 1024;

    @ObjectClassDefinition(
            name = "Gateway over HTTP",
            description = "Serves objects of repositories to neighbours")
    @interface Config {
        @AttributeDefinition(
                name = "Listen",
                description =
                        "Address and port to listen on, HOST:PORT. Whoever reaches it may read the"
                                + " repositories: there is neither encryption nor a password")
        String listen() default "127.0.0.1:8480";

        @AttributeDefinition(
                name = "Repositories",
                description =
                        "One or more, each a name and the mirrors it is fetched from, separated by"
                                + " blanks: 'root http://mirror.example/root/' is served at /root/")
        String[] repositories();

        @AttributeDefinition(
                name = "Requests at a time",
                min = "1",
                description = "Requests that are answered at a time; further ones wait, up to 5 s")
        int requests() default 64;

        @AttributeDefinition(
                name = "Patience (ms)",
                min = "1000",
                max = "25000",
                description = "Longest wait for an object over all mirrors, in ms")
        int patience_ms() default 20_000;
    }

    private final Served served;
    private final Traffic traffic = new Traffic(System::nanoTime);
    private final long revision;
    private final WebServer server;

    /**
     * Created by Declarative Services.
     *
     * @throws IOException if it cannot listen there
     */
    @Activate
    public Gateway(Config config, Map<String, ?> properties, @Reference MirroredRepositories engine)
            throws IOException {
        this(
                ListenAddress.parse("listen of org.netloop.gateway.http", config.listen()),
                new Served(config.repositories(), engine, Duration.ofMillis(config.patience_ms())),
                new Places(config.requests(), WAIT),
                Report.revision(properties));
    }

    /**
     * Bound on requests that are answered at a time.
     *
     * @param count how many there are
     * @param patience longest wait for one
     */
    record Places(int count, Duration patience) {}

    Gateway(InetSocketAddress address, Served served, Places places, long revision)
            throws IOException {
        this.served = served;
        this.revision = revision;
        server =
                new WebServer(
                        address,
                        BACKLOG,
                        new ObjectHandler(served, traffic, places.count(), places.patience()),
                        List.of());
    }

    @Activate
    void start() {
        server.start();
        LOG.info("the gateway listens on {}", ListenAddress.text(server.address()));
    }

    @Override
    public List<Report> reports() {
        Measures measures = new Measures(Map.of("gateway", name()));
        traffic.measure(measures);
        served.measure(measures);
        return List.of(
                new Report(
                        new Report.Part("gateway", name()),
                        Report.State.GOOD,
                        "",
                        revision,
                        measures.list()));
    }

    @Override
    public List<Finding> check() {
        return traffic.findings("gateway " + name());
    }

    private String name() {
        InetSocketAddress address = server.address();
        return address.getHostString() + ":" + address.getPort();
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

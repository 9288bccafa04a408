package org.netloop.command;

import org.netloop.api.command.Command;
import org.netloop.api.frontend.Frontend;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@code netloop run}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=run")
@CommandLine.Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Runs the volumes and attachments configured in a directory, until it is stopped.")
public final class RunCommand implements Command {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final String ATTACHMENT = "org.netloop.attachment~";
    private static final long LOOK_EVERY_MS = 20;

    @Parameters(index = "0", paramLabel = "CONFIG-DIR", description = "A directory of *.json files")
    private Path directory = Path.of("");

    @Option(
            names = "--ready-within",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description =
                    "Report readiness after so long even if attachments are missing (default"
                            + " ${DEFAULT-VALUE})")
    private int readyWithin;

    private final ConfigurationAdmin admin;
    private final BundleContext context;

    /** By Declarative Services. */
    @Activate
    public RunCommand(@Reference ConfigurationAdmin admin, BundleContext context) {
        this.admin = admin;
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        List<ConfigurationFiles.Entry> entries = ConfigurationFiles.read(directory);
        for (ConfigurationFiles.Entry entry : entries) {
            ConfigurationFiles.apply(admin, entry);
        }
        long wanted = entries.stream().filter(e -> e.pid().startsWith(ATTACHMENT)).count();
        try {
            awaitAttachments(wanted);
            Readiness.tell();
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            // Being told to stop is how this ends well.
            Thread.currentThread().interrupt();
        }
        return OK;
    }

    private void awaitAttachments(long wanted) throws InterruptedException {
        ServiceTracker<Frontend, Frontend> frontends =
                new ServiceTracker<>(context, Frontend.class, null);
        frontends.open();
        try {
            long end = System.nanoTime() + Duration.ofSeconds(readyWithin).toNanos();
            while (count(frontends) < wanted && System.nanoTime() - end < 0) {
                Thread.sleep(LOOK_EVERY_MS);
            }
            LOG.info("{} of {} attachments are there", count(frontends), wanted);
        } finally {
            frontends.close();
        }
    }

    private static long count(ServiceTracker<Frontend, Frontend> frontends) {
        return frontends.getTracked().values().stream()
                .mapToLong(frontend -> frontend.attachments().size())
                .sum();
    }
}

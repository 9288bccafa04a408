package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Secrets;
import org.netloop.api.status.Report;
import org.netloop.api.status.Report.State;
import org.netloop.api.status.Reporter;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.Volumes.Opening;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A volume that Configuration Admin asks for. It is registered as a service once its image is open,
 * however long its mirrors take to answer. A change of its mirrors is taken over while it is read;
 * for any other change it is opened a second time, and replaced only once that one is open.
 */
@Component(
        service = Reporter.class,
        immediate = true,
        configurationPid = "org.netloop.volume",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConfiguredVolume.Config.class, factory = true)
public final class ConfiguredVolume implements Reporter {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredVolume.class);
    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 30_000;
    private static final String[] SERVICES = {Volume.class.getName(), ImageVolume.class.getName()};

    @ObjectClassDefinition(name = "Volume", description = "An image opened by this deployment")
    @interface Config {
        @AttributeDefinition(
                name = "Name",
                description = "What attachments call it: A-Z a-z 0-9 . _ -")
        String name();

        @AttributeDefinition(name = "Reference", description = "The image: REPO[#channel][@digest]")
        String reference();

        @AttributeDefinition(
                name = "Mirrors",
                required = false,
                description = "Base URIs that serve the repository too")
        String[] mirrors() default {};

        @AttributeDefinition(
                name = "Disabled mirrors",
                required = false,
                description =
                        "Base URIs out of the reference and the mirrors that are not to be asked")
        String[] mirrors_disabled() default {};

        @AttributeDefinition(
                name = "Format",
                required = false,
                description =
                        "The id of the index format that opens the image, whatever it looks like"
                                + " (raw: its bytes are the disk); empty to recognise it")
        String format() default "";

        @AttributeDefinition(
                name = "Accept older channels",
                description =
                        "Whether the channel may be older than the one that was accepted before:"
                                + " for going back to an old image on purpose")
        boolean accept_older() default false;

        @AttributeDefinition(
                name = "Patience (ms)",
                min = "0",
                description =
                        "How long a read may wait for a block before its reader gets an I/O error;"
                                + " 0: for ever")
        int patience_ms() default 30_000;

        @AttributeDefinition(
                name = "Prefetch",
                description =
                        "auto: along the profile 'boot', if the image has one, and ahead of"
                                + " sequential readers; a name: along the profile of that name;"
                                + " none: nothing")
        String prefetch() default "auto";

        @AttributeDefinition(
                name = "Fill (KiB/s)",
                min = "0",
                description =
                        "How fast the rest of the image is fetched while nobody waits for"
                                + " anything; 0: not at all")
        int fill_kib_per_second() default 0;
    }

    /** What it is configured to be. */
    private record Wanted(VolumeSpec spec, Mirrors mirrors, long revision) {
        static Wanted of(Config config, Map<String, ?> properties) {
            Mirrors mirrors = Mirrors.of(config);
            return new Wanted(
                    new VolumeSpec(
                            config.name(),
                            Reference.parse(config.reference()),
                            mirrors.more(),
                            Duration.ofMillis(config.patience_ms()),
                            Prefetch.parse(config.prefetch())
                                    .withFill(config.fill_kib_per_second() * 1024L),
                            new Opening(config.format(), config.accept_older())),
                    mirrors,
                    Report.revision(properties));
        }

        boolean sameImage(Wanted other) {
            return spec.name().equals(other.spec.name())
                    && spec.reference().equals(other.spec.reference())
                    && spec.patience().equals(other.spec.patience())
                    && spec.prefetch().equals(other.spec.prefetch())
                    && spec.opening().format().equals(other.spec.opening().format());
        }
    }

    private record Published(Wanted as, OpenedVolume volume, ServiceRegistration<?> registration) {
        void end() {
            registration.unregister();
            volume.close();
        }
    }

    private final BundleContext context;
    private final Engine engine;

    // All guarded by the monitor.
    private Wanted wanted;
    private @Nullable Published published;
    private @Nullable Thread opening;
    private State state = State.WAITING;
    private String message = "it is being opened";

    /** By Declarative Services. */
    @Activate
    public ConfiguredVolume(
            BundleContext context,
            @org.osgi.service.component.annotations.Reference Engine engine,
            Config config,
            Map<String, ?> properties) {
        this.context = context;
        this.engine = engine;
        this.wanted = Wanted.of(config, properties);
    }

    @Activate
    synchronized void start() {
        open(wanted);
    }

    private void open(Wanted as) {
        if (opening != null) {
            opening.interrupt();
        }
        state = State.WAITING;
        message = "it is being opened";
        opening =
                Thread.ofVirtual().name("open-" + as.spec().name()).start(() -> openUntilItIs(as));
    }

    private void openUntilItIs(Wanted as) {
        try {
            for (long pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
                try {
                    publish(as, engine.openVolume(as.spec(), as.mirrors().asked()));
                    return;
                } catch (IOException | IllegalArgumentException e) {
                    failed(as, e);
                    LOG.warn(
                            "volume {} is not there yet, next try in {} ms: {}",
                            as.spec().name(),
                            pause,
                            e.getMessage());
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            LOG.debug("volume {} was given up before it opened", as.spec().name());
        }
    }

    private synchronized void failed(Wanted as, Exception why) {
        if (as == wanted) {
            state = why instanceof FetchException.Unavailable ? State.WAITING : State.FAILED;
            message = Objects.requireNonNullElse(why.getMessage(), why.toString());
        }
    }

    private void publish(Wanted as, OpenedVolume opened) throws InterruptedException {
        Published old;
        synchronized (this) {
            if (Thread.interrupted() || as != wanted && !as.sameImage(wanted)) {
                opened.close();
                throw new InterruptedException();
            }
            opened.mirrors().replace(wanted.mirrors().asked());
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put(Volume.NAME, as.spec().name());
            old = published;
            // The new one comes before the old one leaves: whoever reads finds one at any time.
            published =
                    new Published(
                            as, opened, context.registerService(SERVICES, opened, properties));
            opening = null;
            state = State.GOOD;
            message = wanted.mirrors().wrong();
        }
        if (old != null) {
            old.end();
        }
    }

    @Modified
    synchronized void change(Config config, Map<String, ?> properties) {
        Wanted next = Wanted.of(config, properties);
        boolean sameImage = next.sameImage(wanted);
        wanted = next;
        if (published != null && next.sameImage(published.as())) {
            if (opening != null) {
                opening.interrupt();
                opening = null;
            }
            published.volume().mirrors().replace(next.mirrors().asked());
            state = State.GOOD;
            message = wanted.mirrors().wrong();
        } else if (!sameImage || opening == null) {
            open(next);
        }
        LOG.info(
                "volume {} has the mirrors {}",
                next.spec().name(),
                Secrets.hide(next.mirrors().asked().toString()));
    }

    @Override
    public synchronized List<Report> reports() {
        Map<String, Object> facts =
                published == null
                        ? Map.of()
                        : published.volume().facts(wanted.mirrors().disabled());
        return List.of(
                new Report(
                        "volume", wanted.spec().name(), state, message, wanted.revision(), facts));
    }

    @Deactivate
    void stop() {
        Published last;
        synchronized (this) {
            if (opening != null) {
                opening.interrupt();
            }
            last = published;
            published = null;
        }
        if (last != null) {
            last.end();
        }
    }
}

package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.message.Failures;
import org.netloop.api.message.Secrets;
import org.netloop.api.status.Measures;
import org.netloop.api.status.Report;
import org.netloop.api.status.Report.State;
import org.netloop.api.status.Reporter;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.retry.RetryPolicy;
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

    @ObjectClassDefinition(name = "Volume", description = "An image opened by this deployment")
    @interface Config {
        @AttributeDefinition(
                name = "Name",
                description = "Name that attachments use: 1 to 64 of A-Z a-z 0-9 . _ -")
        String name();

        @AttributeDefinition(name = "Reference", description = "The image: REPO[#channel][@digest]")
        String reference();

        @AttributeDefinition(
                name = "Mirrors",
                required = false,
                description = "More base URIs that serve the repository")
        String[] mirrors() default {};

        @AttributeDefinition(
                name = "Disabled mirrors",
                required = false,
                description = "Base URIs, from the reference or the mirrors, that are not asked")
        String[] mirrors_disabled() default {};

        @AttributeDefinition(
                name = "Format",
                required = false,
                description =
                        "Id of the index format that opens the image; raw: the file's bytes"
                                + " are the disk. Empty: detected")
        String format() default "";

        @AttributeDefinition(
                name = "Accept older channels",
                description =
                        "Accept a channel that is older than the last one accepted, to go back"
                                + " on purpose")
        boolean accept_older() default false;

        @AttributeDefinition(
                name = "Trust",
                required = false,
                description =
                        "Public keys that must have signed the image or its channel: names of key"
                                + " files, or keys in one line; 'none' to open what is not signed;"
                                + " empty for the default of this host. May change while the volume"
                                + " is in use")
        String[] trust() default {};

        @AttributeDefinition(
                name = "Trust threshold",
                min = "0",
                description = "How many of the keys must have signed; 0: one")
        int trust_threshold() default 0;

        @AttributeDefinition(
                name = "Revoked keys",
                required = false,
                description =
                        "Public keys whose signatures are no longer valid, whoever trusts them")
        String[] trust_revoked() default {};

        @AttributeDefinition(
                name = "Trusted repository",
                required = false,
                description =
                        "The identity that signatures must name; empty for the one seen first")
        String trust_repository() default "";

        @AttributeDefinition(
                name = "Patience (ms)",
                min = "0",
                description =
                        "Longest wait of a read for a block, in ms; then its client gets an"
                                + " I/O error. 0: without limit")
        int patience_ms() default 30_000;

        @AttributeDefinition(
                name = "Prefetch",
                description =
                        "auto: along the image's profile 'boot', if it has one, and ahead of"
                                + " sequential readers; a name: along that profile; none: no prefetch")
        String prefetch() default "auto";

        @AttributeDefinition(
                name = "Fill (KiB/s)",
                min = "0",
                description =
                        "Rate at which the rest of the image is fetched while no client waits,"
                                + " in KiB/s. 0: never")
        int fill_kib_per_second() default 0;

        @AttributeDefinition(
                name = "Update",
                description =
                        "When the channel points to another image: on-detach: new attachments get"
                                + " it, existing ones keep theirs; ask: it waits for 'netloop volume"
                                + " switch'; now: all attachments get it; off: nobody looks")
        String update() default "on-detach";

        @AttributeDefinition(
                name = "Update interval (s)",
                min = "0",
                description =
                        "Mean time between two looks at the channel, in s. 0: only at 'netloop"
                                + " volume update'")
        int update_seconds() default 300;

        @AttributeDefinition(
                name = "Health command",
                required = false,
                description =
                        "A program by its absolute path, and its arguments, run without a shell after"
                                + " a switch to another image until it ends with 0; if it has not"
                                + " within the time, the volume is rolled back. Empty: none")
        String[] health_command() default {};

        @AttributeDefinition(
                name = "Health within (s)",
                min = "1",
                description = "How long after a switch the health command has, in s")
        int health_within_s() default 60;
    }

    private final BundleContext context;
    private final Engine engine;
    private final Publications publications;
    private final Updates updates;
    private final RememberedRollback rollback;
    private final ServiceRegistration<ControlVerb> verb;

    /** Set under the monitor; read by whoever must not wait for it. */
    private volatile WantedVolume wanted;

    // All guarded by the monitor.
    private @Nullable WantedVolume published;
    private @Nullable Thread opening;
    private State state = State.WAITING;
    private String message = "it is being opened";

    /** Created by Declarative Services. */
    @Activate
    public ConfiguredVolume(
            BundleContext context,
            @org.osgi.service.component.annotations.Reference Engine engine,
            Config config,
            Map<String, ?> properties) {
        this.context = context;
        this.engine = engine;
        this.wanted = WantedVolume.of(config, properties);
        String name = wanted.spec().name();
        this.publications = new Publications(context);
        this.rollback =
                new RememberedRollback(
                        engine.opener().lastSeen().directory(), name, this::reference);
        Channel.Source channel = new ConfiguredChannel(engine.opener(), () -> wanted);
        this.updates = new Updates(name, publications, channel, rollback);
        this.verb =
                context.registerService(
                        ControlVerb.class,
                        updates,
                        new Hashtable<>(Map.of(ControlVerb.NAME, Updates.VERB + name)));
    }

    private synchronized org.netloop.api.index.Reference reference() {
        return wanted.spec().reference();
    }

    @Activate
    synchronized void start() {
        open(wanted);
    }

    private void open(WantedVolume as) {
        if (opening != null) {
            opening.interrupt();
        }
        state = State.WAITING;
        message = "it is being opened";
        opening =
                Thread.ofVirtual().name("open-" + as.spec().name()).start(() -> openUntilItIs(as));
    }

    private void openUntilItIs(WantedVolume as) {
        try {
            for (int before = 0; ; before++) {
                long pause = RetryPolicy.OPENING.millis(before);
                try {
                    publish(as, Opener.announced(rollback.openFirst(engine, as), as.spec()));
                    return;
                } catch (IOException | RuntimeException e) {
                    failed(as, e);
                    LOG.warn(
                            "volume {} cannot be opened yet, next try in {} ms: {}",
                            as.spec().name(),
                            pause,
                            Failures.sentence(e));
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            LOG.debug("volume {} was given up before it opened", as.spec().name());
        }
    }

    private synchronized void failed(WantedVolume as, Exception why) {
        if (as == wanted) {
            state = why instanceof FetchException.Unavailable ? State.WAITING : State.FAILED;
            message = Objects.requireNonNullElse(why.getMessage(), why.toString());
        }
    }

    private void publish(WantedVolume as, OpenedVolume opened) throws InterruptedException {
        synchronized (this) {
            if (Thread.interrupted() || as != wanted && !as.sameImage(wanted)) {
                opened.close();
                throw new InterruptedException();
            }
            opened.mirrors().replace(wanted.mirrors().asked());
            publications.add(opened);
            published = as;
            opening = null;
            state = State.GOOD;
            message = wanted.mirrors().wrong();
            updates.probe(wanted.health());
            updates.follow(wanted.policy(), wanted.every());
        }
        publications.leaveOnlyPresent();
        updates.restart(rollback.leftFor(opened.image().digest()));
    }

    @Modified
    synchronized void change(Config config, Map<String, ?> properties) {
        WantedVolume next = WantedVolume.of(config, properties);
        boolean sameImage = next.sameImage(wanted);
        wanted = next;
        updates.probe(next.health());
        updates.follow(published == null ? Updates.Policy.OFF : next.policy(), next.every());
        if (published != null && next.sameImage(published)) {
            if (opening != null) {
                opening.interrupt();
                opening = null;
            }
            publications.mirrors(next.mirrors().asked());
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
        Measures measures = VolumeMeasures.of(wanted.spec().name());
        OpenedVolume present = publications.present();
        if (present != null) {
            measures.addAll(present.measures());
            wanted.mirrors().disabled().forEach(base -> VolumeMeasures.disabled(base, measures));
        }
        return List.of(
                new Report(
                        new Report.Part("volume", wanted.spec().name()),
                        state,
                        message,
                        wanted.revision(),
                        measures.list()));
    }

    @Deactivate
    void stop() {
        synchronized (this) {
            if (opening != null) {
                opening.interrupt();
            }
            published = null;
        }
        verb.unregister();
        updates.close();
        publications.close();
    }
}

package org.netloop.attach;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.message.Failures;
import org.netloop.api.retry.Retry;
import org.netloop.api.status.Measures;
import org.netloop.api.status.Report;
import org.netloop.api.status.Report.State;
import org.netloop.api.status.Reporter;
import org.netloop.api.volume.Volume;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An attachment that Configuration Admin asks for. It is made once its volume and its frontend are
 * there, stays while the volume is replaced, and is made anew when its frontend is replaced. A
 * change that cannot be made leaves what is attached as it is.
 */
@Component(
        service = Reporter.class,
        immediate = true,
        configurationPid = ConfiguredAttachment.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConfiguredAttachment.Config.class, factory = true)
public final class ConfiguredAttachment implements Reporter {
    static final String PID = "org.netloop.attachment";
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredAttachment.class);

    @ObjectClassDefinition(
            name = "Attachment",
            description = "A volume exposed by a frontend at a place")
    @interface Config {
        @AttributeDefinition(name = "Volume", description = "The volume's name")
        String volume();

        @AttributeDefinition(
                name = "Frontend",
                description = "The frontend's id: devfuse, fuse, nbd")
        String frontend();

        @AttributeDefinition(
                name = "Place",
                description =
                        "A directory for devfuse and fuse; tcp://host:port or unix:path for nbd")
        String place();

        @AttributeDefinition(
                name = "Options",
                required = false,
                description = "The frontend's own settings, each key=value")
        String[] options() default {};

        @AttributeDefinition(
                name = "Grace period (ms)",
                min = "0",
                description = "Longest wait of reads for a volume that is being replaced, in ms")
        int grace_ms() default 30_000;

        @AttributeDefinition(
                name = "Enabled",
                description = "Whether the attachment exists; false detaches it")
        boolean enabled() default true;
    }

    private final Ranks.Peers peers;
    private final List<Frontend> frontends = new CopyOnWriteArrayList<>();
    private final Candidates volumes = new Candidates();

    // Changed under the monitor only, which is held while something is attached or detached.
    private Wanted wanted;
    private Map<String, ?> properties;
    private @Nullable Made made;
    private boolean active;
    private final Retry retry;

    /** Read without the monitor: who asks how it goes does not wait for a mount. */
    private volatile Report report;

    /** Created by Declarative Services. */
    @Activate
    public ConfiguredAttachment(
            Config config,
            Map<String, ?> properties,
            @Reference ConfigurationAdmin configurations) {
        this(
                Wanted.of(config, properties),
                properties,
                () -> Ranks.configured(configurations),
                Retry::later);
    }

    ConfiguredAttachment(
            Wanted wanted, Map<String, ?> properties, Ranks.Peers peers, Retry.Timer timer) {
        this.wanted = wanted;
        this.properties = properties;
        this.peers = peers;
        this.retry = new Retry(this::arrange, timer);
        this.report = describe(State.WAITING, "it was not made yet");
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void bindFrontend(Frontend frontend) {
        frontends.add(frontend);
        arrange();
    }

    /**
     * Stops using a frontend, which remains usable until this returns: its bundle stops only
     * afterwards.
     */
    void unbindFrontend(Frontend frontend) {
        frontends.remove(frontend);
        synchronized (this) {
            if (made != null && made.by() == frontend) {
                if (made.attachment().outlivesFrontend()) {
                    LOG.info("{} outlives its frontend's bundle", made.as());
                    made = made.without(frontend);
                } else {
                    letGo(made);
                    made = null;
                }
            }
        }
        arrange();
    }

    /** Closes an attachment whose place is needed; its failures are ignored. */
    private static void letGo(Made leaving) {
        try {
            leaving.close();
        } catch (IOException e) {
            LOG.error(
                    "{} could not be detached when its frontend left: {}",
                    leaving.as(),
                    Failures.sentence(e));
        }
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, unbind = "unbindVolume")
    void addVolume(Volume volume, Map<String, Object> described) {
        volumes.add(volume, described);
        arrange();
    }

    void bindVolume(Volume volume) {
        addVolume(volume, Map.of());
    }

    void unbindVolume(Volume volume) {
        volumes.remove(volume);
        synchronized (this) {
            if (made != null) {
                made.standing().leave(volume);
            }
        }
        arrange();
    }

    @Activate
    synchronized void start() {
        active = true;
        arrange();
    }

    @Modified
    synchronized void change(Config config, Map<String, ?> changed) {
        properties = changed;
        wanted = Wanted.of(config, changed);
        if (made != null) {
            made.standing().grace(wanted.grace());
        }
        arrange();
    }

    /** Brings what is attached in line with what is there. */
    private synchronized void arrange() {
        if (!active) {
            return;
        }
        if (made != null && made.isDetached()) {
            LOG.warn("{} was detached from outside", made.as());
            made = null;
        }
        if (made != null) {
            Volume behind = volumes.newest(made.as().volume());
            if (behind != null && made.standing().accepts(behind)) {
                made.standing().succeed(behind);
            }
        }
        try {
            String missing = wanted.enabled() ? makeAsWanted() : unmake();
            int failures = retry.done();
            if (failures > 0 && missing.isEmpty()) {
                LOG.info("{}: it worked after {} attempts that failed", wanted, failures);
            }
            report = describe(missing.isEmpty() ? State.GOOD : State.WAITING, missing);
        } catch (IOException e) {
            failed(Failures.sentence(e));
        }
    }

    /** Schedules another attempt, because the cause may pass; logs each reason once. */
    private void failed(String reason) {
        if (retry.failed(reason)) {
            LOG.error("{} is not attached and will be tried again: {}", wanted, reason);
        }
        report =
                describe(
                        State.FAILED,
                        reason + " (failed " + retry.failures() + " times; it is tried again)");
    }

    /** Makes the attachment again, unless it was replaced in the meantime. */
    private synchronized void detached(Attachment attachment) {
        if (active && made != null && made.attachment() == attachment) {
            retry.soon();
        }
    }

    private String unmake() throws IOException {
        if (made != null) {
            made.close();
            LOG.info("{} is detached", made.as());
            made = null;
        }
        return "";
    }

    /** Makes the attachment; returns what is missing for it, or an empty string. */
    private String makeAsWanted() throws IOException {
        Volume volume = volumes.newest(wanted.volume());
        if (volume == null) {
            return "volume " + wanted.volume() + " is not available yet";
        }
        if (made != null
                && made.as().sameAttachment(wanted)
                && volumes.leaves(made.standing(), volume)) {
            return "";
        }
        Frontend frontend = frontend(wanted.frontend());
        if (frontend == null) {
            return "frontend " + wanted.frontend() + " is not available";
        }
        wanted = wanted.ranked(Ranks.of(properties, peers.all()));
        made = made == null ? make(wanted, volume, frontend) : remake(made, volume, frontend);
        return "";
    }

    private Made make(Wanted as, Volume volume, Frontend frontend) throws IOException {
        Made fresh = Made.make(as, volume, frontend);
        fresh.detached()
                .thenRunAsync(() -> detached(fresh.attachment()), Thread::startVirtualThread);
        LOG.info("volume {} is attached at {}", as.volume(), fresh.attachment().address());
        return fresh;
    }

    /** Elsewhere it is made before the old one goes; at the same place it cannot. */
    private Made remake(Made old, Volume volume, Frontend frontend) throws IOException {
        if (!old.as().samePlace(wanted)) {
            Made fresh = make(wanted, volume, frontend);
            try {
                old.close();
            } catch (IOException e) {
                letGo(fresh);
                throw e;
            }
            return fresh;
        }
        old.close();
        made = null;
        try {
            return make(wanted, volume, frontend);
        } catch (IOException e) {
            Volume before = volumes.newest(old.as().volume());
            if (before != null && old.standing().accepts(before)) {
                made = make(old.as(), before, frontend);
            }
            throw e;
        }
    }

    private @Nullable Frontend frontend(String id) {
        return frontends.stream().filter(f -> f.id().equals(id)).findFirst().orElse(null);
    }

    private Report describe(State state, String message) {
        Made now = made;
        String name = wanted.frontend() + " " + wanted.spec().place() + " " + wanted.volume();
        Report.Part part =
                now == null
                        ? new Report.Part("attachment", name)
                        : new Report.Part("attachment", name, Owner.of(now.attachment()));
        Wanted as = now == null ? wanted : now.as();
        Measures measures =
                new Measures(Map.of(Volume.LABEL, as.volume())).with("frontend", as.frontend());
        measures.gauge(
                "netloop_attachment_attached",
                "",
                "1 if clients find the volume there, else 0.",
                now == null ? 0 : 1);
        if (now != null) {
            measures.text(
                    "netloop_attachment_address",
                    "Where clients find the volume.",
                    now.attachment().address());
        }
        return new Report(part, state, message, wanted.revision(), measures.list());
    }

    @Override
    public List<Report> reports() {
        return List.of(report);
    }

    @Deactivate
    synchronized void stop() {
        active = false;
        retry.done();
        if (made != null) {
            letGo(made);
            made = null;
        }
    }
}

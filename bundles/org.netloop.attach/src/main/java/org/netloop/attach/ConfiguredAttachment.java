package org.netloop.attach;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.volume.Volume;
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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An attachment that Configuration Admin asks for. It is made once its volume and its frontend are
 * there, stays while the volume is replaced, and is made anew when its frontend comes back.
 */
@Component(
        service = {},
        configurationPid = "org.netloop.attachment",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConfiguredAttachment.Config.class, factory = true)
public final class ConfiguredAttachment {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredAttachment.class);

    @ObjectClassDefinition(
            name = "Attachment",
            description = "A volume exposed by a frontend at a place")
    @interface Config {
        @AttributeDefinition(name = "Volume", description = "The volume's name")
        String volume();

        @AttributeDefinition(name = "Frontend", description = "The frontend's id: fuse, nbd")
        String frontend();

        @AttributeDefinition(
                name = "Place",
                description = "A directory for fuse; tcp://host:port or unix:path for nbd")
        String place();

        @AttributeDefinition(
                name = "Options",
                required = false,
                description = "The frontend's own settings, each key=value")
        String[] options() default {};

        @AttributeDefinition(
                name = "Grace period (ms)",
                min = "0",
                description = "How long reads wait for a volume that left to come back")
        int grace_ms() default 30_000;
    }

    private final String volumeName;
    private final String frontendId;
    private final AttachmentSpec spec;
    private final Duration grace;

    private final List<Frontend> frontends = new CopyOnWriteArrayList<>();
    private final List<Volume> volumes = new CopyOnWriteArrayList<>();

    // Changed under the monitor only.
    private @Nullable StandingVolume standing;
    private @Nullable Attachment attachment;
    private @Nullable Frontend attachedTo;
    private boolean active;

    /** By Declarative Services. */
    @Activate
    public ConfiguredAttachment(Config config) {
        this.volumeName = config.volume();
        this.frontendId = config.frontend();
        this.spec = new AttachmentSpec(config.place(), options(config.options()));
        this.grace = Duration.ofMillis(config.grace_ms());
    }

    private static Map<String, String> options(String[] entries) {
        Map<String, String> options = new HashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("option '" + entry + "' is not key=value");
            }
            options.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return options;
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void bindFrontend(Frontend frontend) {
        if (frontend.id().equals(frontendId)) {
            frontends.add(frontend);
            arrange();
        }
    }

    /** The frontend has detached what it held, or is about to. */
    void unbindFrontend(Frontend frontend) {
        if (frontends.remove(frontend)) {
            synchronized (this) {
                if (attachedTo == frontend) {
                    attachment = null;
                    attachedTo = null;
                }
            }
            arrange();
        }
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void bindVolume(Volume volume) {
        if (volume.name().equals(volumeName)) {
            volumes.add(volume);
            arrange();
        }
    }

    void unbindVolume(Volume volume) {
        if (volumes.remove(volume)) {
            synchronized (this) {
                if (standing != null) {
                    standing.leave(volume);
                }
            }
            arrange();
        }
    }

    @Activate
    void start() {
        synchronized (this) {
            active = true;
        }
        arrange();
    }

    /** Brings what is attached in line with what is there. */
    private synchronized void arrange() {
        if (!active || volumes.isEmpty()) {
            return;
        }
        Volume volume = volumes.getLast();
        if (standing != null && !standing.accepts(volume)) {
            LOG.info("volume {} has another image: it is attached anew", volumeName);
            detach();
            standing = null;
        }
        if (standing == null) {
            standing = new StandingVolume(volume, grace);
        } else {
            standing.succeed(volume);
        }
        if (attachment == null && !frontends.isEmpty()) {
            attach(frontends.getFirst(), standing);
        }
    }

    private void attach(Frontend frontend, StandingVolume volume) {
        try {
            Attachment made = frontend.attach(volume, spec);
            attachment = made;
            attachedTo = frontend;
            LOG.info("volume {} is attached at {}", volumeName, made.address());
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "volume {} cannot be attached by {} at {}",
                    volumeName,
                    frontendId,
                    spec.place(),
                    e);
        }
    }

    private void detach() {
        if (attachment == null) {
            return;
        }
        try {
            attachment.close();
            LOG.info("volume {} is detached from {}", volumeName, spec.place());
        } catch (IOException e) {
            LOG.error("volume {} stays attached at {}", volumeName, spec.place(), e);
        }
        attachment = null;
        attachedTo = null;
    }

    @Deactivate
    synchronized void stop() {
        active = false;
        detach();
    }
}

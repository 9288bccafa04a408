package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.Reference;
import org.netloop.api.volume.Volume;
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
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;

/**
 * A volume that Configuration Admin asks for. It is registered as a service once its image is open,
 * however long its mirrors take to answer. A change of its mirrors is taken over while it is read.
 */
@Component(
        service = {},
        configurationPid = "org.netloop.volume",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConfiguredVolume.Config.class, factory = true)
public final class ConfiguredVolume {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredVolume.class);
    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 30_000;

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
                name = "Patience (ms)",
                min = "100",
                description =
                        "How long a read may wait for a block before its reader gets an I/O error")
        int patience_ms() default 30_000;
    }

    private final BundleContext context;
    private final Engine engine;
    private final VolumeSpec spec;
    private final Thread opening;
    private @Nullable OpenedVolume volume;
    private @Nullable ServiceRegistration<Volume> registration;
    private List<URI> mirrors;

    /** By Declarative Services. */
    @Activate
    public ConfiguredVolume(
            BundleContext context,
            @org.osgi.service.component.annotations.Reference Engine engine,
            Config config) {
        this.context = context;
        this.engine = engine;
        this.spec = spec(config);
        this.mirrors = spec.mirrors();
        this.opening = Thread.ofVirtual().name("open-" + spec.name()).unstarted(this::open);
    }

    private static VolumeSpec spec(Config config) {
        return new VolumeSpec(
                config.name(),
                Reference.parse(config.reference()),
                Arrays.stream(config.mirrors()).map(Reference::uri).toList(),
                Duration.ofMillis(config.patience_ms()));
    }

    @Activate
    void start() {
        opening.start();
    }

    private void open() {
        try {
            for (long pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
                try {
                    publish(engine.openVolume(spec));
                    return;
                } catch (IOException e) {
                    LOG.warn(
                            "volume {} is not there yet, next try in {} ms: {}",
                            spec.name(),
                            pause,
                            e.getMessage());
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            LOG.debug("volume {} was given up before it opened", spec.name());
        }
    }

    private synchronized void publish(OpenedVolume opened) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        volume = opened;
        opened.mirrors().replace(Opener.bases(spec.reference(), mirrors));
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(Volume.NAME, spec.name());
        registration = context.registerService(Volume.class, opened, properties);
    }

    @Modified
    synchronized void change(Config config) {
        VolumeSpec next = spec(config);
        if (!next.name().equals(spec.name()) || !next.reference().equals(spec.reference())) {
            LOG.warn("volume {} keeps its name and image until it is configured anew", spec.name());
        }
        mirrors = next.mirrors();
        if (volume != null) {
            volume.mirrors().replace(Opener.bases(spec.reference(), mirrors));
        }
        LOG.info("volume {} has the mirrors {}", spec.name(), mirrors);
    }

    @Deactivate
    void stop() {
        opening.interrupt();
        synchronized (this) {
            if (registration != null) {
                registration.unregister();
            }
            if (volume != null) {
                volume.close();
            }
        }
    }
}

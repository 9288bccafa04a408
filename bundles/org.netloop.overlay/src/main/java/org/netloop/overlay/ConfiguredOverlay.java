package org.netloop.overlay;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.message.Failures;
import org.netloop.api.retry.Retry;
import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Volume;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An overlay that Configuration Admin asks for: registers a writable volume over the volume of a
 * name while that one is there. The log stays open while the volume below is replaced.
 */
@Component(
        service = ConfiguredOverlay.class,
        immediate = true,
        configurationPid = "org.netloop.overlay",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConfiguredOverlay.Config.class, factory = true)
public final class ConfiguredOverlay {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredOverlay.class);
    private static final String SNAPSHOT = "overlay.snapshot.";
    private static final String DISCARD = "overlay.discard.";

    @ObjectClassDefinition(name = "Overlay", description = "A writable volume over another one")
    @interface Config {
        @AttributeDefinition(
                name = "Name",
                description = "What attachments call it: A-Z a-z 0-9 . _ -")
        String name();

        @AttributeDefinition(name = "Volume", description = "The name of the volume below")
        String volume();

        @AttributeDefinition(
                name = "Directory",
                description = "Where what is written is kept; memory: nowhere else")
        String directory();

        @AttributeDefinition(
                name = "Snapshot",
                required = false,
                description =
                        "Name of a snapshot of that directory: it is shown as it was, read-only,"
                                + " also while another overlay writes there. Empty: the overlay"
                                + " itself")
        String snapshot() default "";

        @AttributeDefinition(
                name = "Budget (MiB)",
                min = "0",
                description = "How much room it may take; 0: what the disk has")
        int budget_mib() default 0;
    }

    private record Published(Volume base, ServiceRegistration<?> registration) {}

    private final BundleContext context;
    private final String name;
    private final String below;
    private final String directory;
    private final String snapshot;
    private final Limits limits;
    private final List<Volume> volumes = new CopyOnWriteArrayList<>();

    // Guarded by the monitor.
    private @Nullable Layer layer;
    private @Nullable Published published;
    private final List<ServiceRegistration<?>> verbs = new ArrayList<>();
    private boolean active;
    private final Retry retry;

    /** Created by Declarative Services. */
    @Activate
    public ConfiguredOverlay(BundleContext context, Config config) {
        this(context, config, Retry::later);
    }

    ConfiguredOverlay(BundleContext context, Config config, Retry.Timer timer) {
        this.context = context;
        retry = new Retry(this::arrange, timer);
        name = config.name();
        below = config.volume();
        directory = config.directory();
        snapshot = config.snapshot();
        limits =
                Limits.of(
                        config.budget_mib() == 0
                                ? Limits.UNLIMITED
                                : (long) config.budget_mib() << 20);
        if (name.equals(below)) {
            throw new IllegalArgumentException(
                    "the overlay " + name + " has the name of the volume below: give it another");
        }
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void bindVolume(Volume volume) {
        volumes.add(volume);
        if (volume.name().equals(below)) {
            arrange();
        }
    }

    void unbindVolume(Volume volume) {
        volumes.remove(volume);
        if (volume.name().equals(below)) {
            arrange();
        }
    }

    @Activate
    synchronized void start() {
        active = true;
        arrange();
    }

    /** Brings what is registered in line with what is there. */
    @SuppressWarnings("ReferenceEquality") // a successor is another one, whatever it holds
    private synchronized void arrange() {
        Volume base = active ? base() : null;
        Published now = published;
        if (now != null && now.base() != base) {
            now.registration().unregister();
            published = null;
        }
        if (base == null || published != null) {
            int _ = retry.done();
            return;
        }
        try {
            publish(base);
            int _ = retry.done();
        } catch (IOException e) {
            String why = Failures.sentence(e);
            if (retry.failed(why)) {
                LOG.error("overlay {} is not there, and is tried again: {}", name, why);
            }
        }
    }

    /** The newest one, but while it is there the one that the overlay stands on already. */
    private @Nullable Volume base() {
        List<Volume> named = volumes.stream().filter(v -> v.name().equals(below)).toList();
        Layer opened = layer;
        if (opened != null) {
            Digest standsOn = opened.heading().base();
            List<Volume> same = named.stream().filter(v -> v.identity().equals(standsOn)).toList();
            named = same.isEmpty() ? named : same;
        }
        return named.isEmpty() ? null : named.getLast();
    }

    @SuppressWarnings("JdkObsolete") // the framework wants a Dictionary
    private void publish(Volume base) throws IOException {
        Layer opened = layer;
        if (opened != null && !opened.heading().base().equals(base.identity())) {
            requireOnDisk(opened.heading().base(), base);
            opened = null;
            closeLayer();
        }
        if (opened == null) {
            opened = open(base);
            layer = opened;
        }
        Hashtable<String, Object> properties = new Hashtable<>(Map.of(Volume.NAME, name));
        Volume volume = opened.over(name, base);
        // First: whoever sees the volume may ask for them.
        if (verbs.isEmpty() && snapshot.isEmpty()) {
            register(SNAPSHOT, new LastingChange(this::take));
            register(DISCARD, new LastingChange(this::discard));
        }
        published = new Published(base, context.registerService(Volume.class, volume, properties));
        LOG.info("volume {} is volume {} with the overlay {}", name, below, directory);
    }

    /** Does not drop what is nowhere else. */
    private void requireOnDisk(Digest standsOn, Volume base) throws IOException {
        if (directory.equals(Overlays.MEMORY)) {
            throw new IOException(
                    "what was written to it is in memory only, and stands on "
                            + standsOn
                            + ", but volume "
                            + below
                            + " is "
                            + base.identity()
                            + "; bring that image back (netloop volume rollback or switch), or, to"
                            + " begin anew, change its configuration or restart the deployment");
        }
    }

    /** One whose last flush fails is closed all the same. */
    private void closeLayer() throws IOException {
        try (Layer _ = layer) {
            layer = null;
        }
    }

    private Layer open(Volume base) throws IOException {
        if (snapshot.isEmpty()) {
            requireFits(base);
            return Overlay.open(directory, base, limits);
        }
        return Snapshot.open(OverlayDirectory.at(Path.of(directory)).look(), snapshot, base);
    }

    /** Looks before it is held: whoever rebases it meanwhile holds it. */
    private void requireFits(Volume base) throws IOException {
        Path path = Path.of(directory);
        if (!directory.equals(Overlays.MEMORY) && Files.exists(path.resolve(Heading.NAME))) {
            try (Storage looked = DiskStorage.look(path)) {
                Heading.read(looked).require(base, looked.place());
            }
        }
    }

    @SuppressWarnings("JdkObsolete") // the framework wants a Dictionary
    private void register(String what, ControlVerb verb) {
        verbs.add(
                context.registerService(
                        ControlVerb.class,
                        verb,
                        new Hashtable<>(Map.of(ControlVerb.NAME, what + name))));
    }

    private Map<String, ?> take(ControlRequest request) throws IOException {
        String wanted = request.text("snapshot");
        Snapshots.take(journal(), wanted);
        return told("snapshot " + wanted + " of " + name + " is taken");
    }

    private Map<String, ?> discard(ControlRequest request) throws IOException {
        String gone = request.text("snapshot");
        Snapshots.discard(journal(), gone);
        return told("snapshot " + gone + " of " + name + " is discarded");
    }

    /** Answers with the whole path, as the client has another working directory. */
    private Map<String, ?> told(String message) {
        String place =
                directory.equals(Overlays.MEMORY)
                        ? directory
                        : Path.of(directory).toAbsolutePath().normalize().toString();
        return Map.of("message", message, "directory", place);
    }

    private synchronized Journal journal() throws IOException {
        if (layer instanceof Overlay overlay) {
            return overlay.journal();
        }
        throw new IOException("overlay " + name + " is not open");
    }

    @Deactivate
    synchronized void stop() throws IOException {
        active = false;
        arrange();
        verbs.forEach(ServiceRegistration::unregister);
        verbs.clear();
        closeLayer();
    }
}

package org.netloop.frontend.nbd;

import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.volume.Volume;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Volumes as exports: one listener a place, however many volumes are attached there. */
@Component(service = Frontend.class, configurationPid = "org.netloop.frontend.nbd")
@Designate(ocd = NbdFrontend.Config.class)
public final class NbdFrontend implements Frontend {
    private static final Logger LOG = LoggerFactory.getLogger(NbdFrontend.class);
    private static final String EXPORT = "export";
    private static final String MODE = "mode";
    private static final Set<String> OPTIONS = Set.of(EXPORT, MODE);
    private static final String OWNER_ONLY = "0600";

    @ObjectClassDefinition(name = "NBD frontend")
    @interface Config {
        @AttributeDefinition(
                name = "Buffers (MiB)",
                min = "1",
                description =
                        "Bounds the memory of requests that wait for their blocks, over all"
                                + " clients")
        int buffers_mib() default 64;

        @AttributeDefinition(
                name = "Clients",
                min = "1",
                description = "How many may be connected at one place")
        int connections() default 256;
    }

    private final Memory memory;
    private final int mostConnections;

    /** By place; guarded by the monitor. */
    private final Map<String, Listener> listeners = new HashMap<>();

    private final List<Attachment> attachments = new CopyOnWriteArrayList<>();

    /** By Declarative Services. */
    @Activate
    public NbdFrontend(Config config) {
        this(config.buffers_mib() * (1L << 20), config.connections());
    }

    NbdFrontend(long buffers, int mostConnections) {
        this.memory = new Memory(buffers);
        this.mostConnections = mostConnections;
    }

    @Override
    public String id() {
        return "nbd";
    }

    @Override
    public synchronized Attachment attach(Volume volume, AttachmentSpec spec) throws IOException {
        Set<String> unknown = new HashSet<>(spec.options().keySet());
        unknown.removeAll(OPTIONS);
        if (!unknown.isEmpty()) {
            throw new IOException(
                    "the nbd frontend has no option " + unknown + ": there are " + OPTIONS);
        }
        Export export =
                new Export(
                        spec.options().getOrDefault(EXPORT, volume.name()),
                        volume,
                        new CompletableFuture<>());
        Listener listener = listener(spec);
        boolean fresh = listener.isEmpty();
        listener.add(export);
        if (fresh) {
            listener.start();
        }
        Attached attached = new Attached(spec.place(), listener, export);
        attachments.add(attached);
        return attached;
    }

    private Listener listener(AttachmentSpec spec) throws IOException {
        Listener known = listeners.get(spec.place());
        if (known != null) {
            return known;
        }
        Set<PosixFilePermission> mode = mode(spec.options().getOrDefault(MODE, OWNER_ONLY));
        try {
            Listener fresh = new Listener(Place.parse(spec.place()), memory, mostConnections, mode);
            listeners.put(spec.place(), fresh);
            return fresh;
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Set<PosixFilePermission> mode(String octal) throws IOException {
        if (!octal.matches("0?[0-7]{3}")) {
            throw new IOException("mode '" + octal + "' is not three octal digits");
        }
        int bits = Integer.parseInt(octal, 8);
        Set<PosixFilePermission> permissions = new HashSet<>();
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            // The constants stand in the order of the bits, highest first.
            if ((bits & 1 << all.length - 1 - i) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }

    @Override
    public List<Attachment> attachments() {
        return List.copyOf(attachments);
    }

    /** Detaches everything. */
    @Deactivate
    void stop() {
        for (Attachment attachment : attachments) {
            try {
                attachment.close();
            } catch (IOException e) {
                LOG.warn("{} is left behind", attachment.address(), e);
            }
        }
    }

    private void detach(Attached attached) throws IOException {
        if (!attachments.remove(attached)) {
            return;
        }
        attached.listener.remove(attached.export);
        synchronized (this) {
            if (attached.listener.isEmpty()) {
                listeners.remove(attached.place, attached.listener);
                attached.listener.close();
            }
        }
        attached.export.ended().complete(null);
    }

    private final class Attached implements Attachment {
        private final String place;
        private final Listener listener;
        private final Export export;
        private final String address;

        private Attached(String place, Listener listener, Export export) {
            this.place = place;
            this.listener = listener;
            this.export = export;
            this.address = listener.uri(export);
        }

        @Override
        public String volume() {
            return export.volume().name();
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public CompletionStage<Void> detached() {
            return export.ended().minimalCompletionStage();
        }

        @Override
        public void close() throws IOException {
            detach(this);
        }
    }
}

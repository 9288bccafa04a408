package org.netloop.frontend.nbd;

import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.message.Failures;
import org.netloop.api.message.Printable;
import org.netloop.api.systemd.HandsOver;
import org.netloop.api.systemd.PassedDescriptors.Passed;
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
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** Volumes as exports: one listener a place, however many volumes are attached there. */
@Component(
        service = {Frontend.class, HandsOver.class},
        configurationPid = "org.netloop.frontend.nbd")
@Designate(ocd = NbdFrontend.Config.class)
public final class NbdFrontend implements Frontend, HandsOver {
    private static final Logger LOG = LoggerFactory.getLogger(NbdFrontend.class);
    private static final String EXPORT = "export";
    private static final String MODE = "mode";
    private static final Set<String> OPTIONS = options();
    private static final String OWNER_ONLY = "0600";

    @ObjectClassDefinition(name = "NBD frontend")
    @interface Config {
        @AttributeDefinition(
                name = "Buffers (MiB)",
                min = "1",
                description =
                        "Memory for replies to all clients, in MiB: two thirds are divided"
                                + " among the seats, the rest is for reads that wait")
        int buffers_mib() default 64;

        @AttributeDefinition(
                name = "Clients",
                min = "1",
                description =
                        "Most clients, over all places; fewer if the buffers are too small for"
                                + " them")
        int connections() default 256;
    }

    private final Listener.Common common;

    /** Listeners by place; guarded by the monitor. */
    private final Map<Place, Listener> listeners = new HashMap<>();

    private final List<Attached> attachments = new CopyOnWriteArrayList<>();

    /** Guarded by the monitor. */
    private boolean stopped;

    /** Created by Declarative Services. */
    @Activate
    public NbdFrontend(Config config) {
        this(config.buffers_mib() * (1L << 20), config.connections());
        if (common.clients().seats() < config.connections()) {
            LOG.warn(
                    "{} MiB of buffers have room for {} clients: more connections than that need"
                            + " more buffers.mib of org.netloop.frontend.nbd",
                    config.buffers_mib(),
                    common.clients().seats());
        }
    }

    NbdFrontend(long buffers, int mostClients) {
        Memory memory = new Memory(buffers, mostClients);
        Clients clients = new Clients(memory, System::nanoTime);
        this.common = new Listener.Common(memory, clients, new Semaphore(InFlight.COMMON));
    }

    private static Set<String> options() {
        Set<String> all = new HashSet<>(TlsSettings.OPTIONS);
        all.addAll(Set.of(EXPORT, MODE));
        return Set.copyOf(all);
    }

    @Override
    public String id() {
        return "nbd";
    }

    @Override
    public Attachment attach(Volume volume, AttachmentSpec spec) throws IOException {
        Map<String, String> options = spec.only(OPTIONS).options();
        try {
            String name = Text.checkedName(options.getOrDefault(EXPORT, volume.name()));
            String clients = options.get(TlsSettings.CLIENTS);
            Export export =
                    new Export(
                            name,
                            volume,
                            spec.rank(),
                            clients == null ? ClientNames.NONE : ClientNames.parse(clients));
            return attach(export, Place.parse(spec.place()), options);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private synchronized Attached attach(Export export, Place place, Map<String, String> options)
            throws IOException {
        if (stopped) {
            throw new IOException("the nbd frontend is being stopped; attach again in a moment");
        }
        String mode = options.getOrDefault(MODE, OWNER_ONLY);
        TlsSettings tls = TlsSettings.of(options);
        Listener known = listeners.get(place);
        if (known == null) {
            known = listen(export, place, mode(mode), tls);
        } else {
            if (options.containsKey(MODE) && !known.mode().equals(mode(mode))) {
                throw new IOException(
                        "the socket of "
                                + known.address()
                                + " has other permissions than "
                                + mode
                                + " by its first attachment; name the same, or another place");
            }
            if (!known.tls().settings().equals(tls)) {
                throw new IOException(
                        "the first attachment of "
                                + known.address()
                                + " has other settings of TLS; those of one place are the same,"
                                + " but for tls.clients");
            }
            known.add(export);
        }
        Attached attached = new Attached(place, known, export);
        attachments.add(attached);
        return attached;
    }

    /** Leaves nothing behind if it fails. */
    private Listener listen(
            Export export, Place place, Set<PosixFilePermission> mode, TlsSettings tls)
            throws IOException {
        Listener fresh = new Listener(place, mode, Tls.of(tls, Clock.systemUTC()), common);
        boolean started = false;
        try {
            fresh.add(export);
            fresh.start();
            started = true;
        } finally {
            if (!started) {
                fresh.close();
            }
        }
        listeners.put(place, fresh);
        return fresh;
    }

    private static Set<PosixFilePermission> mode(String octal) throws IOException {
        if (!octal.matches("0?[0-7]{3}")) {
            throw new IOException("mode '" + Printable.line(octal) + "' is not three octal digits");
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

    @Override
    public synchronized List<Passed> handOver() throws IOException {
        List<Passed> passed = new ArrayList<>();
        for (Attached attached : attachments) {
            if (attached.export.volume().isWritable()) {
                throw new IOException(
                        attached.address()
                                + " is writable: only one process can have its overlay open");
            }
        }
        for (Listener listener : listeners.values()) {
            passed.add(listener.passOn());
        }
        return passed;
    }

    @Override
    public synchronized List<Passed> standBy() throws IOException {
        List<Passed> passed = new ArrayList<>();
        for (Listener listener : listeners.values()) {
            passed.add(listener.share());
        }
        return passed;
    }

    @Override
    public synchronized void handedOver() {
        for (Listener listener : listeners.values()) {
            try {
                listener.leave();
            } catch (IOException e) {
                LOG.warn("{} still takes clients: {}", listener.address(), Failures.sentence(e));
            }
        }
    }

    /** Does nothing: clients that the successor had come again. */
    @Override
    public void takeBack() {}

    /** Detaches everything; what is attached from now on is refused. */
    @Deactivate
    void stop() {
        synchronized (this) {
            stopped = true;
        }
        // Each may have to wait for its clients: together they take no longer than one.
        List<Thread> leaving =
                attachments.stream().map(a -> Thread.ofVirtual().start(() -> leave(a))).toList();
        try {
            for (Thread one : leaving) {
                one.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(Attached attached) {
        try {
            detach(attached);
        } catch (IOException e) {
            LOG.warn("{} is left behind: {}", attached.address(), Failures.sentence(e));
        }
    }

    /** Others may attach at its place while its clients are waited for. */
    private void detach(Attached attached) throws IOException {
        if (!attachments.remove(attached)) {
            return;
        }
        attached.listener.remove(attached.export);
        synchronized (this) {
            if (attached.listener.isEmpty()
                    && listeners.remove(attached.place, attached.listener)) {
                attached.listener.close();
            }
        }
        attached.export.ended().complete(null);
    }

    private final class Attached implements Attachment {
        private final Place place;
        private final Listener listener;
        private final Export export;
        private final String address;

        private Attached(Place place, Listener listener, Export export) {
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

package org.netloop.frontend.devfuse;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.message.Failures;
import org.netloop.api.mount.Caller;
import org.netloop.api.mount.MountOptions;
import org.netloop.api.mount.MountPoint;
import org.netloop.api.mount.MountRights;
import org.netloop.api.mount.MountedVolumes;
import org.netloop.api.mount.Notes;
import org.netloop.api.systemd.HandsOver;
import org.netloop.api.systemd.PassedDescriptors.Passed;
import org.netloop.api.volume.Volume;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Volumes as files: one mount a directory, however many volumes are attached there. */
@Component(service = {Frontend.class, HandsOver.class})
public final class DevFuseFrontend implements Frontend, HandsOver {
    private static final Logger LOG = LoggerFactory.getLogger(DevFuseFrontend.class);
    static final String ID = "devfuse";
    private static final String SURVIVE = "survive";

    /** Time for attachments to go on with what was passed to this process. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    static final Notes NOTES = new Notes(LOG::info, LOG::warn);
    static final MountRights RIGHTS = new MountRights(Path.of("/"), ID, Mounting.HELPER);

    private final MountedVolumes mounted = new MountedVolumes(NOTES, () -> {});
    private final List<Mount> mounts = new CopyOnWriteArrayList<>();
    private volatile @Nullable BundleContext context;
    private volatile @Nullable Thread dropper;

    /** Service for the mounts of this bundle once it is stopped; guarded by the monitor. */
    private @Nullable ServiceRegistration<HandsOver> afterwards;

    /** Created by Declarative Services. */
    public DevFuseFrontend() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Attachment attach(Volume volume, AttachmentSpec spec) throws IOException {
        MountOptions options = MountOptions.of(spec, volume.name(), Set.of(SURVIVE));
        boolean survive = MountOptions.flag(spec.options(), SURVIVE);
        Path directory = Path.of(spec.place()).toAbsolutePath().normalize();
        Mounting.Kind kind = new Mounting.Kind(options.others(), volume.isWritable());
        return mounted.attach(volume, directory, options, () -> mount(directory, kind, survive));
    }

    private Mount mount(Path directory, Mounting.Kind kind, boolean survive) throws IOException {
        RIGHTS.require(Caller.uid(), kind.others());
        requireNative();
        Mount resumed = succeed(directory, kind, survive);
        if (resumed != null) {
            return known(resumed);
        }
        MountPoint.prepare(directory, NOTES);
        return known(Mount.make(directory, kind, survive));
    }

    private Mount known(Mount mount) {
        mounts.add(mount);
        mount.ended().thenRun(() -> forget(mount));
        return mount;
    }

    private synchronized void forget(Mount mount) {
        mounts.remove(mount);
        if (mounts.isEmpty() && afterwards != null) {
            afterwards.unregister();
            afterwards = null;
        }
    }

    @Override
    public List<Passed> handOver() throws IOException {
        List<Passed> passed = new ArrayList<>();
        for (Mount mount : present()) {
            passed.add(mount.passOn());
        }
        return passed;
    }

    @Override
    public void prepare() {
        try {
            requireNative();
            // Looks for what keeps a mount, and finds nothing.
            Optional<? extends Keeper> _ = Keeper.of(Path.of("/proc"));
            Optional<Holder> _ = Holder.of("none");
        } catch (IOException e) {
            LOG.debug("mounts cannot be taken over: {}", e.getMessage());
        }
    }

    @Override
    public void handedOver() {
        present().forEach(Mount::handedOver);
    }

    @Override
    public void takeBack() {
        present().forEach(Mount::takeBack);
    }

    /** Returns the mounts without those that have just ended, which are told before they leave. */
    private List<Mount> present() {
        return mounts.stream().filter(mount -> !mount.ended().isDone()).toList();
    }

    /** Goes on with a mount that a former process left; null if there is none, or another kind. */
    private static @Nullable Mount succeed(Path directory, Mounting.Kind kind, boolean survive)
            throws IOException {
        Keeper held = Keeper.of(directory).orElse(null);
        if (held == null) {
            return null;
        }
        try {
            held.seize();
        } catch (IOException e) {
            throw new IOException(directory + " " + e.getMessage(), e);
        }
        if (survive && held.claim().kind().equals(kind)) {
            try {
                Mount mount = Mount.resume(directory, held);
                LOG.info("{} goes on where a former process left it", directory);
                return mount;
            } catch (IOException e) {
                LOG.warn("{} is mounted anew: {}", directory, Failures.sentence(e));
            }
        }
        held.end();
        return null;
    }

    /** Calls the kernel in a way that changes nothing. */
    private static void requireNative() throws IOException {
        try {
            Native.close(-1);
        } catch (LinkageError | IllegalCallerException e) {
            throw RIGHTS.notAvailable(
                    "this Java may not call the system (--enable-native-access=ALL-UNNAMED)", e);
        }
    }

    @Override
    public List<Attachment> attachments() {
        return mounted.attachments();
    }

    @Activate
    void start(BundleContext within) {
        context = within;
        dropper = Thread.ofVirtual().name("netloop-devfuse drop").start(DevFuseFrontend::dropLeft);
    }

    /** Ends what no attachment goes on with; a holder process sees to that by itself. */
    private static void dropLeft() {
        try {
            Thread.sleep(PATIENCE);
            int count = Stored.dropLeft();
            if (count > 0) {
                LOG.warn("{} mounts of a former process end: nothing is attached there", count);
            }
        } catch (InterruptedException _) {
            // The bundle stops; the one that replaces it begins anew.
        }
    }

    @Override
    public int leave() {
        return mounted.leave();
    }

    /**
     * Keeps the mounts, on the code of this bundle, until they are detached: their users hold files
     * open. Only when all of the framework stops is everything detached; what is in use then goes
     * when its last user does.
     */
    @Deactivate
    void stop() {
        Thread waits = dropper;
        if (waits != null) {
            waits.interrupt();
        }
        BundleContext within = context;
        if (within == null || within.getBundle(0).getState() == Bundle.STOPPING) {
            mounted.stop(true);
        } else {
            mounted.stop(false);
            stayInHand(within.getBundle(0).getBundleContext());
        }
    }

    /**
     * The mounts that stay can be handed over for as long as they do, which this bundle does not.
     */
    private synchronized void stayInHand(BundleContext framework) {
        if (!mounts.isEmpty()) {
            afterwards = framework.registerService(HandsOver.class, this, null);
        }
    }
}

package org.netloop.frontend.fuse;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.volume.Volume;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Volumes as files: one FUSE mount a directory, however many volumes are attached there. */
@Component(service = Frontend.class)
public final class FuseFrontend implements Frontend {
    private static final Logger LOG = LoggerFactory.getLogger(FuseFrontend.class);

    /** By directory; guarded by the monitor. */
    private final Map<Path, Mount> mounts = new HashMap<>();

    private volatile @Nullable BundleContext context;
    private volatile boolean leaving;
    private final List<FuseAttachment> attachments = new CopyOnWriteArrayList<>();

    /** For Declarative Services. */
    public FuseFrontend() {}

    @Override
    public String id() {
        return "fuse";
    }

    @Override
    public Attachment attach(Volume volume, AttachmentSpec spec) throws IOException {
        FuseOptions options = FuseOptions.of(spec.options(), volume.name());
        Path directory = Path.of(spec.place()).toAbsolutePath().normalize();
        FuseAttachment attachment = attach(volume, directory, options);
        // It reads of the volume, which may take its time: others attach and detach meanwhile.
        if (options.fileSystem() != null) {
            attachment.openFileSystems(options.fileSystem());
        }
        return attachment;
    }

    private synchronized FuseAttachment attach(Volume volume, Path directory, FuseOptions options)
            throws IOException {
        Mount mount = mount(directory, options);
        FuseAttachment attachment = new FuseAttachment(this, mount, volume, options.name());
        try {
            attachment.open();
        } catch (IOException e) {
            unmountIfOnly(mount, List.of());
            throw e;
        }
        attachments.add(attachment);
        return attachment;
    }

    private Mount mount(Path directory, FuseOptions options) throws IOException {
        Mount known = mounts.get(directory);
        if (known != null && !known.ended().isDone()) {
            return known;
        }
        new MountRights(Path.of("/")).require(Caller.uid(), options.others());
        LibFuse.require(LibFuse.LIBRARY);
        MountPoint.prepare(directory);
        Mount fresh;
        try {
            fresh = new Mount(directory, Caller.uid(), Caller.gid());
            fresh.start(options.others());
        } catch (LinkageError e) {
            throw LibFuse.notLoaded(e);
        }
        mounts.put(directory, fresh);
        fresh.ended().thenRun(() -> ended(fresh));
        return fresh;
    }

    /** Unmounted, by us or from outside. */
    private void ended(Mount mount) {
        synchronized (this) {
            mounts.remove(mount.directory(), mount);
        }
        for (FuseAttachment attachment : attachments) {
            if (attachment.isOn(mount)) {
                forget(attachment);
            }
        }
    }

    private void forget(FuseAttachment attachment) {
        attachments.remove(attachment);
        attachment.end();
    }

    /**
     * Takes a volume's files out of a mount; unmounts it if they are the last.
     *
     * @throws IOException if it is in use; the files are there as before
     */
    synchronized void detach(FuseAttachment attachment, Mount mount, List<String> files)
            throws IOException {
        unmountIfOnly(mount, files);
        files.forEach(mount::remove);
        forget(attachment);
    }

    private void unmountIfOnly(Mount mount, List<String> files) throws IOException {
        if (!mount.hasOnly(files) || mount.ended().isDone()) {
            return;
        }
        try {
            Tool.unmountFuse(mount.directory(), false);
        } catch (IOException e) {
            throw new IOException(
                    mount.directory()
                            + " is in use: end what uses it (fuser -m "
                            + mount.directory()
                            + ") and try again: "
                            + e.getMessage(),
                    e);
        }
        // Its loop may not have noticed yet: what is attached next must not be put into it.
        mounts.remove(mount.directory(), mount);
    }

    @Override
    public List<Attachment> attachments() {
        return List.copyOf(attachments);
    }

    @Activate
    void start(BundleContext within) {
        context = within;
    }

    /** Whether nobody else will ever serve what is mounted here. */
    boolean isLeaving() {
        return leaving;
    }

    /**
     * What is mounted stays mounted, on the code of this bundle, until whoever attached it detaches
     * it: the kernel has no way to hand a mount to a successor, and its users hold files open. Only
     * when all of the framework stops is everything detached; what is in use then goes when its
     * last user does.
     */
    @Deactivate
    void stop() {
        leaving = true;
        BundleContext within = context;
        if (within != null && within.getBundle(0).getState() != Bundle.STOPPING) {
            return;
        }
        for (FuseAttachment attachment : attachments) {
            try {
                attachment.close();
            } catch (IOException e) {
                LOG.warn("{}; it is unmounted lazily", e.getMessage());
                attachment.abandon();
            }
        }
    }
}

package org.netloop.frontend.fuse;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.mount.Caller;
import org.netloop.api.mount.MountOptions;
import org.netloop.api.mount.MountPoint;
import org.netloop.api.mount.MountRights;
import org.netloop.api.mount.MountedVolumes;
import org.netloop.api.mount.Notes;
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
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Volumes as files: one FUSE mount a directory, however many volumes are attached there. */
@Component(service = Frontend.class)
public final class FuseFrontend implements Frontend {
    private static final Logger LOG = LoggerFactory.getLogger(FuseFrontend.class);

    static final Notes NOTES = new Notes(LOG::info, LOG::warn);
    static final MountRights RIGHTS = new MountRights(Path.of("/"), "fuse", "fusermount");

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

    private final Replies replies = new Replies();
    private final MountedVolumes mounted = new MountedVolumes(NOTES, replies::trim);
    private volatile @Nullable BundleContext context;

    /** Created by Declarative Services. */
    public FuseFrontend() {}

    @Override
    public String id() {
        return "fuse";
    }

    @Override
    public Attachment attach(Volume volume, AttachmentSpec spec) throws IOException {
        MountOptions options = MountOptions.of(spec, volume.name(), Set.of());
        Path directory = Path.of(spec.place()).toAbsolutePath().normalize();
        boolean writable = volume.isWritable();
        return mounted.attach(
                volume, directory, options, () -> mount(directory, options.others(), writable));
    }

    private Mount mount(Path directory, boolean others, boolean writable) throws IOException {
        RIGHTS.require(Caller.uid(), others);
        LibFuse.require(LibFuse.LIBRARY);
        MountPoint.prepare(directory, NOTES);
        try {
            Mount mount = new Mount(directory, Caller.uid(), Caller.gid(), writable, replies);
            mount.start(others, STARTS_WITHIN);
            return mount;
        } catch (LinkageError e) {
            throw LibFuse.notLoaded(e);
        }
    }

    @Override
    public List<Attachment> attachments() {
        return mounted.attachments();
    }

    @Activate
    void start(BundleContext within) {
        context = within;
    }

    /**
     * Keeps the mounts, on the code of this bundle, until they are detached: the kernel has no way
     * to hand a mount to a successor, and its users hold files open. Only when all of the framework
     * stops is everything detached; what is in use then goes when its last user does.
     */
    @Deactivate
    void stop() {
        BundleContext within = context;
        mounted.stop(within == null || within.getBundle(0).getState() == Bundle.STOPPING);
    }
}

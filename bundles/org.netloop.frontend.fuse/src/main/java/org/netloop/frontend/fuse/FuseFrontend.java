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
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Volumes as files: one FUSE mount a directory, however many volumes are attached there. */
@Component(service = Frontend.class)
public final class FuseFrontend implements Frontend {
    private static final Logger LOG = LoggerFactory.getLogger(FuseFrontend.class);
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final String NAME = "name";
    private static final String LOOP = "loop";
    private static final String ALLOW_OTHER = "allow_other";
    private static final Set<String> OPTIONS = Set.of(NAME, LOOP, ALLOW_OTHER);

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
    public synchronized Attachment attach(Volume volume, AttachmentSpec spec) throws IOException {
        Map<String, String> options = spec.options();
        Set<String> unknown = new HashSet<>(options.keySet());
        unknown.removeAll(OPTIONS);
        if (!unknown.isEmpty()) {
            throw new IOException(
                    "the fuse frontend has no option " + unknown + ": there are " + OPTIONS);
        }
        String name = options.getOrDefault(NAME, volume.name());
        if (!name.matches("[A-Za-z0-9._-]{1,64}") || name.startsWith(".")) {
            throw new IOException(
                    "'" + name + "' is no name of a file: 1 to 64 of A-Z a-z 0-9 . _ -");
        }
        boolean loop = Boolean.parseBoolean(options.getOrDefault(LOOP, "false"));
        Mount mount = mount(Path.of(spec.place()).toAbsolutePath().normalize(), options);
        FuseAttachment attachment = new FuseAttachment(this, mount, volume, name);
        try {
            attachment.open(loop);
        } catch (IOException e) {
            unmountIfEmpty(mount);
            throw e;
        }
        attachments.add(attachment);
        return attachment;
    }

    private Mount mount(Path directory, Map<String, String> options) throws IOException {
        Mount known = mounts.get(directory);
        if (known != null && !known.ended().isDone()) {
            return known;
        }
        prepare(directory);
        boolean root = "root".equals(System.getProperty("user.name"));
        boolean others =
                Boolean.parseBoolean(options.getOrDefault(ALLOW_OTHER, String.valueOf(root)));
        Mount fresh = new Mount(directory, owner("unix:uid"), owner("unix:gid"));
        try {
            fresh.start(others);
        } catch (LinkageError e) {
            throw new IOException(
                    "libfuse 2 is not installed (Debian: libfuse2): " + e.getMessage(), e);
        }
        mounts.put(directory, fresh);
        fresh.ended().thenRun(() -> ended(fresh));
        return fresh;
    }

    private static long owner(String attribute) throws IOException {
        return ((Number) Files.getAttribute(Path.of("/proc/self"), attribute)).longValue();
    }

    private static void prepare(Path directory) throws IOException {
        if (!Files.exists(DEVICE)) {
            throw new IOException(DEVICE + " is not there: load the module fuse, or use NBD");
        }
        try {
            Files.createDirectories(directory);
        } catch (FileSystemException e) {
            clearDeadMount(directory, e);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            if (entries.iterator().hasNext()) {
                throw new IOException(
                        directory + " is not empty: choose another directory to mount at");
            }
        } catch (FileSystemException e) {
            clearDeadMount(directory, e);
        }
    }

    /** What a process that was killed leaves: a mount that nobody answers for (ENOTCONN). */
    private static void clearDeadMount(Path directory, FileSystemException why) throws IOException {
        String reason = String.valueOf(why.getReason());
        // A directory that is there and cannot be looked at; one that may not be is somebody's.
        boolean dead =
                reason.contains("not connected")
                        || (why instanceof FileAlreadyExistsException && isMountOfOurs(directory));
        if (!dead) {
            throw new IOException(directory + " cannot be mounted at: " + why.getMessage(), why);
        }
        LOG.warn("{} is a mount whose process is gone: it is unmounted first", directory);
        Tool.unmountFuse(directory, true);
    }

    private static boolean isMountOfOurs(Path directory) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .anyMatch(
                        entry ->
                                entry[1].replace("\\040", " ").equals(directory.toString())
                                        && entry[2].equals("fuse.netloop"));
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

    /** The volume's files are gone from the mount; unmounts it if they were the last. */
    synchronized void detached(FuseAttachment attachment, Mount mount) throws IOException {
        unmountIfEmpty(mount);
        forget(attachment);
    }

    private void unmountIfEmpty(Mount mount) throws IOException {
        if (!mount.isEmpty() || mount.ended().isDone()) {
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

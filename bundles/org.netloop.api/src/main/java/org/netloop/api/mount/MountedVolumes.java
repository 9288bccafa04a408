package org.netloop.api.mount;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.message.Failures;
import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The volumes that a frontend shows as files: one mount a directory, however many volumes are
 * attached there. Thread-safe.
 */
public final class MountedVolumes {
    private final Notes notes;
    private final Runnable idle;

    /** Mounts by directory; guarded by the monitor, under which nothing waits for the kernel. */
    private final Map<Path, VolumeMount> mounts = new HashMap<>();

    /**
     * Locks of directories, held while one is mounted, changed or unmounted: that may take its
     * time, and other directories do not wait for it. Taken before the monitor.
     */
    private final Map<Path, Object> places = new ConcurrentHashMap<>();

    private final List<VolumeFiles> attachments = new CopyOnWriteArrayList<>();
    private volatile boolean leaving;

    /**
     * Creates those of a frontend.
     *
     * @param notes told what an operator should know
     * @param idle run whenever the last mount has ended; quick, as others wait for it
     */
    public MountedVolumes(Notes notes, Runnable idle) {
        this.notes = notes;
        this.idle = idle;
    }

    /** Mounts at a directory. */
    @FunctionalInterface
    public interface Maker {
        /**
         * Returns a mount that answers.
         *
         * @throws IOException in words, if that cannot be done; nothing is left behind
         */
        VolumeMount make() throws IOException;
    }

    /**
     * Shows a volume.
     *
     * @param directory absolute and normalized
     * @param maker asked if nothing is mounted there yet
     * @throws IOException if the maker fails, the name is taken, or what is mounted there cannot be
     *     written and the volume can
     */
    public Attachment attach(Volume volume, Path directory, MountOptions options, Maker maker)
            throws IOException {
        VolumeFiles attachment = opened(volume, directory, options.name(), maker);
        // It reads of the volume, which may take its time: others attach and detach meanwhile.
        if (options.fileSystem() != null) {
            attachment.openFileSystems(options.fileSystem());
        }
        return attachment;
    }

    private VolumeFiles opened(Volume volume, Path directory, String name, Maker maker)
            throws IOException {
        synchronized (place(directory)) {
            VolumeMount mount = mount(directory, volume.isWritable(), maker);
            VolumeFiles attachment = new VolumeFiles(this, mount, volume, name, notes);
            try {
                attachment.open();
            } catch (IOException e) {
                unmountIfOnly(mount, List.of());
                throw e;
            }
            attachments.add(attachment);
            if (mount.ended().isDone()) {
                forget(attachment); // who ended it may have looked before this one was there
            }
            return attachment;
        }
    }

    private Object place(Path directory) {
        return places.computeIfAbsent(directory, _ -> new Object());
    }

    private VolumeMount mount(Path directory, boolean writable, Maker maker) throws IOException {
        VolumeMount known = known(directory);
        if (known != null && !known.ended().isDone()) {
            if (writable && !known.isWritable()) {
                throw new IOException(
                        directory
                                + " is mounted read-only for the volumes that are there already;"
                                + " attach a writable one at another directory");
            }
            return known;
        }
        VolumeMount fresh = maker.make();
        synchronized (this) {
            mounts.put(directory, fresh);
        }
        fresh.ended().thenRun(() -> ended(fresh));
        return fresh;
    }

    private synchronized @Nullable VolumeMount known(Path directory) {
        return mounts.get(directory);
    }

    private synchronized void remove(VolumeMount mount) {
        mounts.remove(mount.directory(), mount);
    }

    /** Unmounted, by us or from outside. */
    private void ended(VolumeMount mount) {
        synchronized (this) {
            remove(mount);
            if (mounts.isEmpty()) {
                idle.run();
            }
        }
        for (VolumeFiles attachment : attachments) {
            if (attachment.isOn(mount)) {
                forget(attachment);
            }
        }
    }

    private void forget(VolumeFiles attachment) {
        attachments.remove(attachment);
        attachment.end();
    }

    /**
     * Takes a volume's files out of a mount; unmounts it if they are the last.
     *
     * @throws IOException if it is in use; the files are there as before
     */
    void detach(VolumeFiles attachment, VolumeMount mount, List<String> files) throws IOException {
        synchronized (place(mount.directory())) {
            unmountIfOnly(mount, files);
            files.forEach(mount::remove);
        }
        forget(attachment);
    }

    private void unmountIfOnly(VolumeMount mount, List<String> files) throws IOException {
        if (!mount.hasOnly(files) || mount.ended().isDone()) {
            return;
        }
        try {
            mount.unmount(false);
        } catch (IOException e) {
            throw new IOException(
                    mount.directory()
                            + " is in use: end what uses it (fuser -m "
                            + mount.directory()
                            + ") and try again: "
                            + Failures.sentence(e),
                    e);
        }
        // Its threads may not have noticed yet: what is attached next must not be put into it.
        remove(mount);
    }

    /** Returns what is attached. */
    public List<Attachment> attachments() {
        return List.copyOf(attachments);
    }

    /** Returns whether no successor will ever serve these mounts. */
    boolean isLeaving() {
        return leaving;
    }

    /**
     * Leaves the mounts that can be left to a successor of this process.
     *
     * @return how many there are
     */
    public int leave() {
        return (int) mounts().stream().filter(VolumeMount::leave).count();
    }

    private synchronized List<VolumeMount> mounts() {
        return List.copyOf(mounts.values());
    }

    /**
     * Stops. Where the process goes on, the mounts stay, on the code of their bundle, until they
     * are detached: their users hold files open.
     *
     * @param all whether everything is detached, as all of the framework stops; what is in use then
     *     goes when its last user does
     */
    public void stop(boolean all) {
        leaving = true;
        if (!all) {
            return;
        }
        mounts().forEach(VolumeMount::stopping);
        for (VolumeFiles attachment : attachments) {
            try {
                attachment.close();
            } catch (IOException e) {
                notes.warn(Failures.sentence(e) + "; it is unmounted lazily");
                attachment.abandon();
            }
        }
    }
}

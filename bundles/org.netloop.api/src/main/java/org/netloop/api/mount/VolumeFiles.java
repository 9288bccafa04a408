package org.netloop.api.mount;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.message.Failures;
import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One volume's files in one mount. */
final class VolumeFiles implements Attachment {
    private final MountedVolumes owner;
    private final VolumeMount mount;
    private final Volume volume;
    private final String name;
    private final Notes notes;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Guarded by the monitor. */
    private @Nullable FileSystems fileSystems;

    VolumeFiles(MountedVolumes owner, VolumeMount mount, Volume volume, String name, Notes notes) {
        this.owner = owner;
        this.mount = mount;
        this.volume = volume;
        this.name = name;
        this.notes = notes;
    }

    /**
     * Puts the files into the mount.
     *
     * @throws IOException if their names are taken
     */
    void open() throws IOException {
        if (!mount.addVolume(name, volume)) {
            throw new IOException(address() + " already exists; name this one by the option name");
        }
    }

    /** Mounts what is on the image; where that cannot be done it is told, and the file stays. */
    synchronized void openFileSystems(FileSystems.Wish wish) {
        FileSystems wanted =
                new FileSystems(
                        mount, name, volume.size(), wish.withWritable(volume.isWritable()), notes);
        try {
            wanted.open();
            fileSystems = wanted;
        } catch (IOException e) {
            notes.warn(
                    "no file system of "
                            + address()
                            + " is mounted: "
                            + Failures.sentence(e)
                            + "; the file is still available");
        }
    }

    private List<String> files() {
        return List.of(name + MountOptions.IMAGE, name + MountOptions.STATUS);
    }

    boolean isOn(VolumeMount candidate) {
        return mount == candidate;
    }

    void end() {
        ended.complete(null);
    }

    @Override
    public String volume() {
        return volume.name();
    }

    @Override
    public String address() {
        return mount.directory().resolve(name + MountOptions.IMAGE).toString();
    }

    @Override
    public boolean outlivesFrontend() {
        return true;
    }

    @Override
    public CompletionStage<Void> detached() {
        return ended.minimalCompletionStage();
    }

    @Override
    public void close() throws IOException {
        if (ended.isDone() || mount.isLeft()) {
            return;
        }
        try {
            closeFileSystems();
            owner.detach(this, mount, files());
        } catch (IOException e) {
            if (!owner.isLeaving()) {
                throw e;
            }
            notes.warn(Failures.sentence(e) + "; it is unmounted lazily");
            abandon();
        }
    }

    private synchronized void closeFileSystems() throws IOException {
        if (fileSystems != null) {
            fileSystems.close();
            fileSystems = null;
        }
    }

    /** The last resort when the bundle stops and somebody holds a file open. */
    synchronized void abandon() {
        if (fileSystems != null) {
            fileSystems.abandon();
            fileSystems = null;
        }
        files().forEach(mount::remove);
        try {
            if (mount.hasOnly(List.of())) {
                mount.unmount(true);
            }
        } catch (IOException e) {
            notes.warn(mount.directory() + " is left behind: " + Failures.sentence(e));
        }
        end();
    }
}

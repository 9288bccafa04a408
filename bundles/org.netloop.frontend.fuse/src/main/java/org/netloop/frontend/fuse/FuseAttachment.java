package org.netloop.frontend.fuse;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.volume.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One volume's files in one mount. */
final class FuseAttachment implements Attachment {
    private static final Logger LOG = LoggerFactory.getLogger(FuseAttachment.class);
    private static final String IMAGE = ".img";
    private static final String STATUS = ".status";

    private final FuseFrontend frontend;
    private final Mount mount;
    private final Volume volume;
    private final String name;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Guarded by the monitor. */
    private @Nullable FileSystems fileSystems;

    FuseAttachment(FuseFrontend frontend, Mount mount, Volume volume, String name) {
        this.frontend = frontend;
        this.mount = mount;
        this.volume = volume;
        this.name = name;
    }

    /**
     * Puts the files into the mount.
     *
     * @throws IOException if their names are taken
     */
    void open() throws IOException {
        if (!mount.add(name + IMAGE, Node.Image.of(volume))) {
            throw new IOException(
                    address() + " is there already; name this one by the option name");
        }
        mount.add(name + STATUS, new Node.Status(volume));
    }

    /** Mounts what is on the image; where that cannot be done it is told, and the file stays. */
    synchronized void openFileSystems(FileSystems.Wish wish) {
        FileSystems wanted = new FileSystems(mount, name, Path.of(address()), volume.size(), wish);
        try {
            wanted.open();
            fileSystems = wanted;
        } catch (IOException e) {
            LOG.warn(
                    "no file system of {} is mounted: {}; the file is there all the same",
                    address(),
                    e.getMessage());
        }
    }

    private List<String> files() {
        return List.of(name + IMAGE, name + STATUS);
    }

    boolean isOn(Mount candidate) {
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
        return mount.directory().resolve(name + IMAGE).toString();
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
        if (ended.isDone()) {
            return;
        }
        try {
            closeFileSystems();
            frontend.detach(this, mount, files());
        } catch (IOException e) {
            if (!frontend.isLeaving()) {
                throw e;
            }
            LOG.warn("{}; it is unmounted lazily", e.getMessage());
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
            if (mount.isEmpty()) {
                Tool.unmountFuse(mount.directory(), true);
            }
        } catch (IOException e) {
            LOG.warn("{} is left behind: {}", mount.directory(), e.getMessage());
        }
        end();
    }
}

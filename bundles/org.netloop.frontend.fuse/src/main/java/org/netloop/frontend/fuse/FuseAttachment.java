package org.netloop.frontend.fuse;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.volume.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One volume's files in one mount. */
final class FuseAttachment implements Attachment {
    private static final Logger LOG = LoggerFactory.getLogger(FuseAttachment.class);
    private static final String IMAGE = ".img";
    private static final String STATUS = ".status";
    private static final long MILLIS = 1000;

    private final FuseFrontend frontend;
    private final Mount mount;
    private final Volume volume;
    private final String name;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Guarded by the monitor. */
    private @Nullable LoopMount loop;

    FuseAttachment(FuseFrontend frontend, Mount mount, Volume volume, String name) {
        this.frontend = frontend;
        this.mount = mount;
        this.volume = volume;
        this.name = name;
    }

    synchronized void open(boolean withLoop) throws IOException {
        Node image = new Node.Image(volume, System.currentTimeMillis() / MILLIS);
        if (!mount.add(name + IMAGE, image)) {
            throw new IOException(
                    address() + " is there already; name this one by the option name");
        }
        mount.add(name + STATUS, new Node.Status(volume));
        if (!withLoop) {
            return;
        }
        mount.add(name, new Node.Directory());
        try {
            loop = LoopMount.make(Path.of(address()), mount.directory().resolve(name));
        } catch (IOException e) {
            removeFiles();
            throw e;
        }
    }

    private void removeFiles() {
        mount.remove(name + IMAGE);
        mount.remove(name + STATUS);
        mount.remove(name);
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
        synchronized (this) {
            if (loop != null) {
                loop.close();
                loop = null;
            }
        }
        removeFiles();
        try {
            frontend.detached(this, mount);
        } catch (IOException e) {
            if (!frontend.isLeaving()) {
                throw e;
            }
            LOG.warn("{}; it is unmounted lazily", e.getMessage());
            abandon();
        }
    }

    /** The last resort when the bundle stops and somebody holds a file open. */
    synchronized void abandon() {
        if (loop != null) {
            loop.abandon();
            loop = null;
        }
        removeFiles();
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

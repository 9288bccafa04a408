package org.netloop.frontend.devfuse;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.api.mount.Caller;
import org.netloop.api.mount.MountPoint;
import org.netloop.api.mount.MountTable;
import org.netloop.api.mount.Tool;
import org.netloop.api.mount.VolumeMount;
import org.netloop.api.systemd.Former;
import org.netloop.api.systemd.PassedDescriptors.Passed;
import org.netloop.api.volume.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** One mounted directory, the entries in it, and the session that serves them. Thread-safe. */
final class Mount implements VolumeMount {
    private static final Logger LOG = LoggerFactory.getLogger(Mount.class);
    private static final long STARTS_WITHIN_SECONDS = 60;
    private static final Duration SUCCEEDS_WITHIN = Duration.ofSeconds(60);
    private static final int INVALIDATE_INODE = 2;
    private static final int INVALIDATE_ENTRY = 3;

    /** The kernel's standard, 128 KiB, is an eighth of a request. */
    private static final String READ_AHEAD_KIB = "1024";

    private final Path directory;
    private final Mounting.Kind kind;
    private final int descriptor;
    private final KernelDevice device;
    private final Nodes nodes = new Nodes();
    private final Session session;
    private final AtomicReference<@Nullable Keeper> keeper = new AtomicReference<>();
    private volatile boolean left;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private Mount(Path directory, Mounting.Kind kind, int descriptor) throws IOException {
        this.directory = directory;
        this.kind = kind;
        this.descriptor = descriptor;
        this.device = new KernelDevice(descriptor);
        Fields fields = new Fields((int) Caller.uid(), (int) Caller.gid());
        Naming naming = new Naming(device, nodes, fields, kind.writes());
        this.session = new Session(device, nodes, naming, kind.writes());
    }

    /**
     * Mounts at an empty directory, and returns when it answers.
     *
     * @throws IOException in words, if that cannot be done; nothing is left behind
     */
    static Mount make(Path directory, Mounting.Kind kind, boolean survive) throws IOException {
        Mount mount = new Mount(directory, kind, Mounting.mount(directory, kind));
        boolean made = false;
        try {
            mount.serve();
            Negotiation agreed = mount.agree();
            if (survive && agreed.resends()) {
                mount.hold();
            } else if (survive) {
                LOG.warn(
                        "{} does not survive this process: the kernel cannot send requests again,"
                                + " which needs Linux 6.9",
                        directory);
            }
            mount.readAhead();
            made = true;
            return mount;
        } finally {
            if (!made) {
                Tool.unmountFuse(directory, true);
            }
        }
    }

    /**
     * Goes on with a mount whose process has gone: what was asked of that and not answered is asked
     * again. Requests for entries that are not there yet wait for them.
     *
     * @throws IOException if the descriptor cannot be had or the kernel refuses; the mount is as it
     *     was
     */
    static Mount resume(Path directory, Keeper held) throws IOException {
        Mount mount = new Mount(directory, held.claim().kind(), held.take());
        mount.nodes.await(SUCCEEDS_WITHIN);
        long done = mount.device.askAgain();
        if (done < 0) {
            mount.device.close();
            throw new IOException("the kernel does not send requests again: error " + -done);
        }
        mount.serve();
        if (!held.staysOn() && mount.hold()) {
            held.end();
        } else {
            mount.keeper.set(held); // one that does not stay on keeps it for some minutes still
        }
        // What it took and did not answer before it ended.
        Former.ofThisProcess()
                .map(Former::gone)
                .filter(gone -> !gone.isDone())
                .ifPresent(gone -> gone.thenRun(mount.device::askAgain));
        return mount;
    }

    private boolean hold() {
        try {
            keeper.set(Keeper.start(descriptor, directory, kind));
            return true;
        } catch (IOException e) {
            LOG.warn("{} does not survive this process: {}", directory, Failures.sentence(e));
            return false;
        }
    }

    /**
     * Returns its descriptor for a successor.
     *
     * @throws IOException if none can go on with it
     */
    Passed passOn() throws IOException {
        Keeper held = keeper.get();
        if (held == null) {
            throw new IOException(
                    directory
                            + " does not survive this process: set the option survive=true, which"
                            + " needs Linux 6.9");
        }
        if (kind.writes()) {
            throw new IOException(
                    directory + " is writable: only one process can have its overlay open");
        }
        return new Passed(descriptor, held.claim().text());
    }

    /** Goes on answering after a successor has ended, and nothing else may take it over. */
    void takeBack() {
        Keeper held = keeper.get();
        if (held != null) {
            held.endOthers();
        }
        long _ = device.askAgain();
    }

    /** Leaves it to a successor that serves, and that has the descriptor kept. */
    void handedOver() {
        leave();
        // What is under way here is not answered any more.
        long _ = device.askAgain();
        synchronized (keeper) {
            Keeper held = keeper.getAndSet(null);
            if (held != null) {
                held.handedOver();
            }
        }
    }

    /** Answers nothing any more, so that a successor is asked; only of what something holds. */
    @Override
    public boolean leave() {
        Keeper held = keeper.get();
        if (held == null || !held.isThere()) {
            return false;
        }
        left = true;
        device.silence();
        return true;
    }

    @Override
    public boolean isLeft() {
        return left;
    }

    /** Lets nothing keep it but this process. */
    private void release() {
        // Who comes second returns when it has ended as well.
        synchronized (keeper) {
            Keeper held = keeper.getAndSet(null);
            if (held != null) {
                held.end();
            }
        }
    }

    @Override
    public void stopping() {
        if (!left) {
            release();
        }
    }

    @Override
    public void unmount(boolean lazily) throws IOException {
        Tool.unmountFuse(directory, lazily);
        release();
    }

    private void serve() {
        Thread.ofPlatform()
                .daemon()
                .name("netloop-devfuse " + directory)
                .start(
                        () -> {
                            try {
                                end(session.serve("netloop-devfuse " + directory));
                            } catch (InterruptedException | RuntimeException | Error e) {
                                LOG.error("the mount at {} failed", directory, e);
                            } finally {
                                if (!left) {
                                    ended.complete(null);
                                }
                            }
                        });
    }

    private void end(boolean all) {
        if (left) {
            return;
        }
        release();
        if (all) {
            device.close();
        } else {
            LOG.warn("a read of {} does not end: its mount's memory is not freed", directory);
        }
    }

    private Negotiation agree() throws IOException {
        try {
            Negotiation agreed = session.negotiated().get(STARTS_WITHIN_SECONDS, TimeUnit.SECONDS);
            if (!agreed.isKnown()) {
                throw DevFuseFrontend.RIGHTS.notAvailable(
                        "this kernel speaks version "
                                + agreed.major()
                                + "."
                                + agreed.minor()
                                + " of its protocol, which is too old",
                        null);
            }
            return agreed;
        } catch (TimeoutException e) {
            throw new IOException(directory + " is mounted, but the kernel asks nothing of it", e);
        } catch (ExecutionException e) {
            throw new IOException(directory + " cannot be mounted: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("mounting " + directory + " was interrupted", e);
        }
    }

    /** Lets the kernel read ahead in longer requests, where this process may say so. */
    private void readAhead() {
        try {
            MountTable.Entry there = MountTable.read().at(MountPoint.real(directory));
            if (there != null) {
                Path setting = Path.of("/sys/class/bdi", there.device(), "read_ahead_kb");
                Files.writeString(setting, READ_AHEAD_KIB);
            }
        } catch (IOException e) {
            LOG.debug("{} is read ahead as it was: {}", directory, e.getMessage());
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public boolean isWritable() {
        return kind.writes();
    }

    @Override
    public boolean addFolder(String name) {
        return nodes.add(Node.Folder.of(name));
    }

    @Override
    public boolean addVolume(String name, Volume volume) {
        if (!nodes.add(Node.Image.of(name, volume))) {
            return false;
        }
        nodes.add(Node.Status.of(name, volume));
        return true;
    }

    @Override
    public void remove(String name) {
        Node node = nodes.remove(name);
        if (node == null) {
            return;
        }
        // First: what the kernel is to drop includes the pages that a read is waiting for.
        if (node instanceof Node.Image image) {
            session.waiting().giveUp(image.share());
        }
        forget(node);
    }

    /** Tells the kernel that a name means nothing any more, and to drop the bytes it has. */
    private void forget(Node node) {
        byte[] name = node.name().getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            Reply notice = new Reply(arena, 16 + name.length + 1 + Long.BYTES);
            MemorySegment body = notice.body();
            body.set(JAVA_LONG, 0, Node.ROOT);
            body.set(JAVA_INT, 8, name.length);
            MemorySegment.copy(name, 0, body, JAVA_BYTE, 16, name.length);
            notice.notify(device, INVALIDATE_ENTRY, 16 + name.length + 1);
            body.set(JAVA_LONG, 0, node.id());
            body.set(JAVA_LONG, 8, 0);
            body.set(JAVA_LONG, 16, 0);
            notice.notify(device, INVALIDATE_INODE, 24);
        }
    }

    @Override
    public boolean hasOnly(Collection<String> names) {
        return nodes.hasOnly(names);
    }
}

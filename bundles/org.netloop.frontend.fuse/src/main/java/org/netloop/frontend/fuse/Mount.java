package org.netloop.frontend.fuse;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import jnr.ffi.types.off_t;

import org.jspecify.annotations.Nullable;
import org.netloop.api.mount.MountOptions;
import org.netloop.api.mount.MountRights;
import org.netloop.api.mount.Tool;
import org.netloop.api.mount.VolumeMount;
import org.netloop.api.volume.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import ru.serce.jnrfuse.ErrorCodes;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.Statvfs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One mounted directory and the files in it. libfuse calls it on many threads at a time; whatever
 * is thrown ends here, as nothing may pass into native code. Reads do not come here but to the
 * {@link Session}.
 */
final class Mount extends FuseStubFS implements VolumeMount {
    private static final Logger LOG = LoggerFactory.getLogger(Mount.class);
    private static final int BLOCK = 512;
    private static final int ACCESS_MODE = 3;
    private static final String ROOT = "/";

    /** Bits of fuse_file_info that jnr-fuse has no names for: the first is direct_io. */
    private static final long BITS = 20;

    private static final int DIRECT_IO = 1;

    private final Path directory;
    private final Map<String, Node> nodes = new ConcurrentSkipListMap<>();
    private final Map<Long, OpenFile> open = new ConcurrentHashMap<>();
    private final Map<Node, Long> images = new ConcurrentHashMap<>();
    private final AtomicLong handles = new AtomicLong();
    private final CountDownLatch answering = new CountDownLatch(1);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final long uid;
    private final long gid;
    private final Replies replies;
    private final boolean writable;
    private volatile @Nullable Session session;
    private volatile boolean givenUp;

    Mount(Path directory, long uid, long gid, boolean writable, Replies replies) {
        this.directory = directory;
        this.writable = writable;
        this.replies = replies;
        this.uid = uid;
        this.gid = gid;
    }

    /**
     * Mounts it, and returns when it answers.
     *
     * @param others whether other users may see it
     * @param within longest wait; libfuse itself says soon what it cannot do
     * @throws IOException in words, if it cannot be mounted or does not answer in time; nothing is
     *     left behind
     */
    void start(boolean others, Duration within) throws IOException {
        String[] arguments = MountArguments.of(directory, writable, others);
        Thread loop = new Thread(() -> loop(arguments), "netloop-fuse " + directory);
        loop.setDaemon(true);
        loop.start();
        try {
            if (!answering.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
                giveUp();
                throw new IOException(
                        directory
                                + " cannot be mounted: libfuse did not answer within "
                                + within.toSeconds()
                                + " s; the machine may be overloaded");
            }
            if (ended.isDone()) {
                throw new IOException(
                        directory
                                + " cannot be mounted: libfuse has said why on standard error; "
                                + MountRights.refused());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp();
            throw new IOException("mounting " + directory + " was interrupted", e);
        }
    }

    /** Leaves no mount that nobody knows: the next attempt would find its directory taken. */
    private void giveUp() throws IOException {
        givenUp = true;
        // Otherwise its own thread sees that it was given up, once libfuse has mounted it.
        if (session != null) {
            unmount(true);
        }
    }

    private void loop(String[] arguments) {
        try {
            serve(arguments);
        } catch (InterruptedException | RuntimeException | Error e) {
            LOG.error("the FUSE mount at {} failed", directory, e);
        } finally {
            ended.complete(null);
            answering.countDown();
        }
    }

    /**
     * Runs libfuse's main function as jnr-fuse would, except for the threads that take requests.
     */
    private void serve(String[] arguments) throws InterruptedException {
        LibFuseSession library =
                LibraryLoader.create(LibFuseSession.class).failImmediately().load(LibFuse.LIBRARY);
        Runtime runtime = Runtime.getRuntime(library);
        Pointer place = Memory.allocateDirect(runtime, runtime.addressSize(), true);
        Pointer multithreaded = Memory.allocateDirect(runtime, Integer.BYTES, true);
        Pointer fuse =
                library.fuse_setup(
                        arguments.length,
                        arguments,
                        fuseOperations,
                        Struct.size(fuseOperations),
                        place,
                        multithreaded,
                        null);
        if (fuse == null) {
            return;
        }
        Session serving = new Session(library, fuse, open::get, replies);
        session = serving;
        if (givenUp) {
            library.fuse_teardown(fuse, place.getPointer(0));
            return;
        }
        if (serving.serve("netloop-fuse " + directory)) {
            library.fuse_teardown(fuse, place.getPointer(0));
        } else {
            LOG.warn("a read of {} does not end: its mount's memory is not freed", directory);
        }
    }

    @Override
    public void unmount(boolean lazily) throws IOException {
        Tool.unmountFuse(directory, lazily);
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
    public boolean addFolder(String name) {
        return add(name, new Node.Directory());
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public boolean addVolume(String name, Volume volume) {
        if (!add(name + MountOptions.IMAGE, Node.Image.of(volume))) {
            return false;
        }
        add(name + MountOptions.STATUS, new Node.Status(volume));
        return true;
    }

    /** False if there is one of this name. */
    private boolean add(String name, Node node) {
        if (nodes.putIfAbsent(ROOT + name, node) != null) {
            return false;
        }
        if (node instanceof Node.Image image) {
            long handle = handles.incrementAndGet();
            open.put(handle, image.file());
            images.put(node, handle);
        }
        return true;
    }

    @Override
    public void remove(String name) {
        Node node = nodes.remove(ROOT + name);
        if (node instanceof Node.Image image) {
            Long handle = images.remove(node);
            if (handle != null) {
                open.remove(handle);
            }
            Session serving = session;
            if (serving != null) {
                serving.waiting().giveUp(image.file().replies());
            }
        }
    }

    @Override
    public boolean hasOnly(Collection<String> names) {
        return nodes.keySet().stream().allMatch(name -> names.contains(name.substring(1)));
    }

    @Override
    public @Nullable Pointer init(Pointer connection) {
        answering.countDown();
        return null;
    }

    @Override
    public int getattr(String path, FileStat stat) {
        try {
            Node node = path.equals(ROOT) ? new Node.Directory() : nodes.get(path);
            if (node == null) {
                return -ErrorCodes.ENOENT();
            }
            fill(stat, node);
            return 0;
        } catch (RuntimeException | Error e) {
            return -Errno.of("getattr of " + path, e);
        }
    }

    private void fill(FileStat stat, Node node) {
        boolean directory = node instanceof Node.Directory;
        stat.st_mode.set((directory ? FileStat.S_IFDIR : FileStat.S_IFREG) | node.mode());
        stat.st_nlink.set(directory ? 2 : 1);
        stat.st_uid.set(uid);
        stat.st_gid.set(gid);
        stat.st_size.set(node.size());
        stat.st_blocks.set((node.stored() + BLOCK - 1) / BLOCK);
        stat.st_mtim.tv_sec.set(node.modifiedSeconds());
    }

    @Override
    public int readdir(
            String path,
            Pointer buffer,
            FuseFillDir filler,
            @off_t long offset,
            FuseFileInfo info) {
        try {
            filler.apply(buffer, ".", null, 0);
            filler.apply(buffer, "..", null, 0);
            if (path.equals(ROOT)) {
                nodes.keySet().forEach(name -> filler.apply(buffer, name.substring(1), null, 0));
            }
            return 0;
        } catch (RuntimeException | Error e) {
            return -Errno.of("readdir of " + path, e);
        }
    }

    @Override
    public int open(String path, FuseFileInfo info) {
        try {
            Node node = nodes.get(path);
            if (node == null) {
                return -ErrorCodes.ENOENT();
            }
            boolean writes = (info.flags.intValue() & ACCESS_MODE) != 0;
            if (writes && !isWritable(node)) {
                return -ErrorCodes.EROFS();
            }
            return switch (node) {
                case Node.Image _ -> opened(info, images.get(node));
                case Node.Status status -> opened(info, status.text());
                case Node.Directory _ -> -ErrorCodes.EISDIR();
            };
        } catch (RuntimeException | Error e) {
            return -Errno.of("open of " + path, e);
        }
    }

    private static boolean isWritable(Node node) {
        return node instanceof Node.Image image && image.file().volume().isWritable();
    }

    /** A volume keeps its size, as a device does. */
    @Override
    public int truncate(String path, @off_t long size) {
        Node node = nodes.get(path);
        if (node == null) {
            return -ErrorCodes.ENOENT();
        }
        return isWritable(node) && size == node.size() ? 0 : -ErrorCodes.EPERM();
    }

    private static int opened(FuseFileInfo info, @Nullable Long handle) {
        if (handle == null) {
            return -ErrorCodes.ENOENT();
        }
        info.fh.set(handle);
        return 0;
    }

    /** Read past the page cache, which would end it at the length that it had when looked at. */
    private int opened(FuseFileInfo info, OpenFile.Text text) {
        long handle = handles.incrementAndGet();
        open.put(handle, text);
        Pointer bits = Struct.getMemory(info);
        bits.putInt(BITS, bits.getInt(BITS) | DIRECT_IO);
        return opened(info, handle);
    }

    @Override
    public int release(String path, FuseFileInfo info) {
        open.computeIfPresent(
                info.fh.longValue(), (_, file) -> file instanceof OpenFile.Text ? null : file);
        return 0;
    }

    @Override
    public int statfs(String path, Statvfs stat) {
        stat.f_bsize.set(4096);
        stat.f_frsize.set(4096);
        stat.f_files.set(nodes.size());
        stat.f_namemax.set(255);
        return 0;
    }
}

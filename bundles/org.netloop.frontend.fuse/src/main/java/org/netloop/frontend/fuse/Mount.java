package org.netloop.frontend.fuse;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import ru.serce.jnrfuse.ErrorCodes;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.Statvfs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One mounted directory and the files in it. libfuse calls it on many threads at a time; whatever
 * is thrown ends here, as nothing may pass into native code.
 */
final class Mount extends FuseStubFS {
    private static final Logger LOG = LoggerFactory.getLogger(Mount.class);
    private static final long STARTS_WITHIN_SECONDS = 10;
    private static final int BLOCK = 512;
    private static final int ACCESS_MODE = 3;
    private static final String ROOT = "/";

    /** Of Debian's libfuse2: the file without a version belongs to a package of headers. */
    private static final String LIBRARY = "libfuse.so.2";

    private final Path directory;
    private final Map<String, Node> nodes = new ConcurrentSkipListMap<>();
    private final CountDownLatch answering = new CountDownLatch(1);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final long uid;
    private final long gid;
    private volatile @Nullable Workers workers;

    Mount(Path directory, long uid, long gid) {
        this.directory = directory;
        this.uid = uid;
        this.gid = gid;
    }

    /** Mounts it, and returns when it answers. */
    void start(boolean others) throws IOException {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "ro",
                                "fsname=netloop",
                                "subtype=netloop",
                                "auto_cache",
                                "async_read",
                                "max_read=131072",
                                "default_permissions"));
        if (others) {
            options.add("allow_other");
        }
        Thread loop = new Thread(() -> loop(options), "netloop-fuse " + directory);
        loop.setDaemon(true);
        loop.start();
        try {
            if (!answering.await(STARTS_WITHIN_SECONDS, TimeUnit.SECONDS) || ended.isDone()) {
                throw new IOException(
                        "FUSE does not mount "
                                + directory
                                + ": see what libfuse says above; is fusermount installed, and"
                                + " user_allow_other set?");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("mounting " + directory + " was interrupted", e);
        }
    }

    private void loop(List<String> options) {
        try {
            serve(
                    new String[] {
                        "netloop", "-f", "-o", String.join(",", options), directory.toString()
                    });
        } catch (RuntimeException | Error e) {
            LOG.error("the FUSE mount at {} failed", directory, e);
        } finally {
            ended.complete(null);
            answering.countDown();
        }
    }

    /**
     * As libfuse's main function does, which jnr-fuse would call, but for whose threads they are.
     */
    private void serve(String[] arguments) {
        LibFuseSession library =
                LibraryLoader.create(LibFuseSession.class).failImmediately().load(LIBRARY);
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
        Workers serving = new Workers("netloop-fuse " + directory, () -> library.fuse_loop(fuse));
        workers = serving;
        serving.start();
        serving.join();
        library.fuse_teardown(fuse, place.getPointer(0));
    }

    /** Completes when it is unmounted, by whomever. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    Path directory() {
        return directory;
    }

    boolean add(String name, Node node) {
        return nodes.putIfAbsent(ROOT + name, node) == null;
    }

    void remove(String name) {
        nodes.remove(ROOT + name);
    }

    boolean isEmpty() {
        return nodes.isEmpty();
    }

    @Override
    public @Nullable Pointer init(Pointer connection) {
        answering.countDown();
        return null;
    }

    @Override
    public int getattr(String path, FileStat stat) {
        try {
            if (path.equals(ROOT)) {
                directory(stat);
                return 0;
            }
            Node node = nodes.get(path);
            if (node == null) {
                return -ErrorCodes.ENOENT();
            }
            fill(stat, node);
            return 0;
        } catch (RuntimeException | Error e) {
            return failed("getattr", path, e);
        }
    }

    private void directory(FileStat stat) {
        stat.st_mode.set(FileStat.S_IFDIR | 0555);
        stat.st_nlink.set(2);
        stat.st_uid.set(uid);
        stat.st_gid.set(gid);
    }

    private void fill(FileStat stat, Node node) {
        if (node instanceof Node.Directory) {
            directory(stat);
            return;
        }
        stat.st_mode.set(FileStat.S_IFREG | 0444);
        stat.st_nlink.set(1);
        stat.st_uid.set(uid);
        stat.st_gid.set(gid);
        stat.st_size.set(node.size());
        stat.st_blocks.set((node.size() + BLOCK - 1) / BLOCK);
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
            return failed("readdir", path, e);
        }
    }

    @Override
    public int open(String path, FuseFileInfo info) {
        if (!nodes.containsKey(path)) {
            return -ErrorCodes.ENOENT();
        }
        return (info.flags.intValue() & ACCESS_MODE) == 0 ? 0 : -ErrorCodes.EROFS();
    }

    @Override
    public int read(
            String path, Pointer buffer, @size_t long size, @off_t long offset, FuseFileInfo info) {
        try {
            Node node = nodes.get(path);
            if (node == null) {
                // It is being detached: what the kernel says too, once the mount has gone.
                return -ErrorCodes.ENOTCONN();
            }
            long left = node.size() - offset;
            if (offset < 0 || left <= 0) {
                return 0;
            }
            int count = (int) Math.min(size, left);
            // The kernel's own buffer: blocks are copied straight to where they are wanted.
            ByteBuffer into =
                    MemorySegment.ofAddress(buffer.address()).reinterpret(count).asByteBuffer();
            Workers serving = Objects.requireNonNull(workers, "it serves");
            serving.busy();
            try {
                node.read(offset, into);
            } finally {
                serving.free();
            }
            return count;
        } catch (IOException e) {
            LOG.debug("{} at {}: {}", path, offset, e.getMessage());
            return -ErrorCodes.EIO();
        } catch (InterruptedException _) {
            return -ErrorCodes.EINTR();
        } catch (RuntimeException | Error e) {
            return failed("read", path, e);
        }
    }

    private static int failed(String operation, String path, Throwable why) {
        LOG.error("{} of {} failed in a way it should not", operation, path, why);
        return -ErrorCodes.EIO();
    }

    @Override
    public int statfs(String path, Statvfs stat) {
        stat.f_bsize.set(4096);
        stat.f_frsize.set(4096);
        stat.f_files.set(nodes.size());
        stat.f_namemax.set(255);
        return 0;
    }

    /** A text as a file. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

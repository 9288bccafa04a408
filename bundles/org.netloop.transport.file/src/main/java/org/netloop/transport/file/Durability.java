package org.netloop.transport.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Makes written files durable, all at once: syncfs(2) where the C library has it, else fsync(2) of
 * each. A publisher writes thousands of blocks; an fsync of each would take longer than compressing
 * it.
 */
final class Durability {
    private static final int READ_ONLY = 0;
    private static final Optional<SyncFileSystem> SYNCFS = SyncFileSystem.find();

    /** Files written since the last sync; empty for good where one call serves all. */
    private final Queue<Path> written = new ConcurrentLinkedQueue<>();

    void written(Path file) {
        if (SYNCFS.isEmpty()) {
            written.add(file);
        }
    }

    /**
     * @param directory where all of them lie
     */
    void sync(Path directory) throws IOException {
        if (SYNCFS.isPresent()) {
            SYNCFS.get().sync(directory);
            return;
        }
        for (Path file = written.poll(); file != null; file = written.poll()) {
            force(file);
            force(file.resolveSibling(""));
        }
    }

    void forget() {
        written.clear();
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (NoSuchFileException _) {
            // Deleted since: there is nothing left to keep.
        }
    }

    /** syncfs(2), by the foreign function interface: the JDK has no such call. */
    private record SyncFileSystem(MethodHandle open, MethodHandle syncfs, MethodHandle close) {

        static Optional<SyncFileSystem> find() {
            Linker linker = Linker.nativeLinker();
            SymbolLookup libc = linker.defaultLookup();
            if (libc.find("syncfs").isEmpty()) {
                return Optional.empty();
            }
            FunctionDescriptor intOfInt =
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
            FunctionDescriptor open =
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
            return Optional.of(
                    new SyncFileSystem(
                            linker.downcallHandle(
                                    libc.findOrThrow("open"),
                                    open,
                                    Linker.Option.firstVariadicArg(2)),
                            linker.downcallHandle(libc.findOrThrow("syncfs"), intOfInt),
                            linker.downcallHandle(libc.findOrThrow("close"), intOfInt)));
        }

        void sync(Path directory) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment name = arena.allocateFrom(directory.toString());
                int descriptor = (int) open.invokeExact(name, READ_ONLY);
                if (descriptor < 0) {
                    throw new IOException(directory + " cannot be opened to make it durable");
                }
                int result = (int) syncfs.invokeExact(descriptor);
                int closed = (int) close.invokeExact(descriptor);
                if (result != 0 || closed != 0) {
                    throw new IOException(
                            "the file system of "
                                    + directory
                                    + " could not make what was written durable: see the kernel's"
                                    + " log");
                }
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IOException("syncfs of " + directory + " failed", e);
            }
        }
    }
}

package org.netloop.command;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A block device opened for this process alone. Linux refuses a block device with {@code O_EXCL}
 * while a mount, swap, another device or another claim has it; the JDK has no word for that. Used
 * by one thread.
 */
final class DeviceClaim implements Closeable {
    private static final int WRITE_EXCLUSIVE_CLOSE_ON_EXEC = 0x1 | 0x80 | 0x80000;
    private static final int EBUSY = 16;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final int NONE = -1;

    private final Path path;
    private final int descriptor;

    private DeviceClaim(Path path, int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /**
     * Claims a device.
     *
     * @throws IOException if it is in use; a device that cannot be opened for another reason is not
     *     claimed, and whoever opens it is told why
     */
    static DeviceClaim of(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle open =
                    handle(
                            "open",
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                            Linker.Option.firstVariadicArg(2),
                            Linker.Option.captureCallState("errno"));
            MemorySegment state = arena.allocate(STATE);
            int descriptor =
                    (int)
                            open.invokeExact(
                                    state,
                                    arena.allocateFrom(path.toString()),
                                    WRITE_EXCLUSIVE_CLOSE_ON_EXEC);
            if (descriptor < 0 && errno(state) == EBUSY) {
                throw new IOException(
                        path
                                + " is in use: it is mounted, a part of another device, or being"
                                + " written to; unmount it first");
            }
            return new DeviceClaim(path, descriptor < 0 ? NONE : descriptor);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(path + " cannot be claimed: " + e.getMessage(), e);
        }
    }

    private static MethodHandle handle(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }

    private static int errno(MemorySegment state) {
        return (int) STATE.varHandle(MemoryLayout.PathElement.groupElement("errno")).get(state, 0L);
    }

    /** A name of the device that was claimed, whatever its path leads to by now. */
    Path path() {
        return descriptor == NONE ? path : Path.of("/proc/self/fd/" + descriptor);
    }

    @Override
    public void close() throws IOException {
        if (descriptor == NONE) {
            return;
        }
        try {
            int _ =
                    (int)
                            handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                                    .invokeExact(descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(path + " cannot be closed: " + e.getMessage(), e);
        }
    }
}

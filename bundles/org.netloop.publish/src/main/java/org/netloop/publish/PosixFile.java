package org.netloop.publish;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A file of Linux opened for reading, for what the JDK has no word for: where its data and its
 * holes begin. Used by one thread at a time.
 */
final class PosixFile implements Closeable {
    /** The end of the file, by whatever kind of file it is. */
    static final int SEEK_END = 2;

    /** The first byte of data at or after an offset. */
    static final int SEEK_DATA = 3;

    /** The first byte of a hole at or after an offset; the end of the file is one. */
    static final int SEEK_HOLE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(PosixFile.class);
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int EINTR = 4;
    private static final int ENXIO = 6;

    private final Calls calls;
    private final MemorySegment state;
    private final int descriptor;
    private boolean closed;

    private PosixFile(Calls calls, MemorySegment state, int descriptor) {
        this.calls = calls;
        this.state = state;
        this.descriptor = descriptor;
    }

    /** Opens a file; empty if the system is not Linux, or does not let this bundle call it. */
    static Optional<PosixFile> open(Path path) throws IOException {
        Optional<Calls> calls = Calls.LINKED;
        return calls.isEmpty() ? Optional.empty() : Optional.of(open(calls.get(), path));
    }

    private static PosixFile open(Calls calls, Path path) throws IOException {
        Arena arena = Arena.ofAuto();
        MemorySegment state = arena.allocate(Calls.STATE);
        MemorySegment name = arena.allocateFrom(path.toString());
        int descriptor;
        do {
            descriptor = calls.open(state, name, O_RDONLY_CLOEXEC);
        } while (descriptor < 0 && calls.errno(state) == EINTR);
        if (descriptor < 0) {
            throw new IOException(
                    path + " cannot be opened for reading: error " + calls.errno(state));
        }
        return new PosixFile(calls, state, descriptor);
    }

    /** A name by which this very file can be opened once more, whatever its path names by then. */
    Path reopen() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /**
     * Returns the offset found by {@code lseek(2)}.
     *
     * @param whence {@link #SEEK_END}, {@link #SEEK_DATA} or {@link #SEEK_HOLE}
     * @return empty if there is no such place behind the offset
     * @throws IOException if the file system does not know
     */
    Optional<Long> seek(long offset, int whence) throws IOException {
        long place = calls.lseek(state, descriptor, offset, whence);
        if (place >= 0) {
            return Optional.of(place);
        }
        int errno = calls.errno(state);
        if (errno == ENXIO) {
            return Optional.empty();
        }
        throw new IOException(
                "lseek to " + offset + " by " + whence + " failed with error " + errno);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.close(state, descriptor);
        }
    }

    /** The system's functions, linked once. */
    private record Calls(
            MethodHandle openHandle, MethodHandle lseekHandle, MethodHandle closeHandle) {
        static final StructLayout STATE = Linker.Option.captureStateLayout();
        static final VarHandle ERRNO =
                STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        static final Optional<Calls> LINKED = link();

        private static Optional<Calls> link() {
            if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
                return Optional.empty();
            }
            try {
                return Optional.of(
                        new Calls(
                                handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)),
                                handle(
                                        "lseek",
                                        FunctionDescriptor.of(
                                                JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT)),
                                handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT))));
            } catch (RuntimeException e) {
                LOG.warn(
                        "holes of images are read like data, because native access is not available: {}",
                        Failures.sentence(e));
                return Optional.empty();
            }
        }

        private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow(name),
                    descriptor,
                    Linker.Option.captureCallState("errno"));
        }

        int errno(MemorySegment state) {
            return (int) ERRNO.get(state, 0L);
        }

        int open(MemorySegment state, MemorySegment path, int flags) {
            try {
                return (int) openHandle.invokeExact(state, path, flags);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        long lseek(MemorySegment state, int descriptor, long offset, int whence) {
            try {
                return (long) lseekHandle.invokeExact(state, descriptor, offset, whence);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        void close(MemorySegment state, int descriptor) {
            try {
                int _ = (int) closeHandle.invokeExact(state, descriptor);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        private static IllegalStateException unexpected(Throwable e) {
            return new IllegalStateException("a call of the system could not be made", e);
        }
    }
}

package org.netloop.frontend.devfuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * System calls on descriptors, by the C library. Each returns what the call does, or its error
 * number, negative. Thread-safe, if no two threads use one {@linkplain #state state} at a time.
 */
final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));

    private static final MethodHandle READ =
            handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle OPEN =
            handle(
                    "open",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle MOUNT =
            handle(
                    "mount",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle KILL =
            handle("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle FLOCK =
            handle("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SYSCALL =
            handle(
                    "syscall",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));

    /** Flags of open(2): read and write, and close when another program is run. */
    private static final int READ_WRITE_CLOSE = 2 | 0x80000;

    /** Operation of flock(2): exclusive, and without waiting. */
    private static final int EXCLUSIVE_AT_ONCE = 2 | 4;

    private Native() {}

    /** Finds a function of the C library that sets the error number. */
    static MethodHandle handle(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        return LINKER.downcallHandle(
                LINKER.defaultLookup().find(name).orElseThrow(), descriptor, all);
    }

    /** Makes room for the error number of one call at a time. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    /** Returns the result of a call, or the negative error number that it left. */
    static long result(long returned, MemorySegment state) {
        return returned < 0 ? -state.get(JAVA_INT, ERRNO) : returned;
    }

    /** Wraps what a handle throws, which only a fault of this program can be. */
    static IllegalStateException fault(Throwable thrown) {
        if (thrown instanceof Error e) {
            throw e;
        }
        return new IllegalStateException("a system call failed in a way it cannot", thrown);
    }

    static long read(int descriptor, MemorySegment into, MemorySegment state) {
        try {
            return result((long) READ.invokeExact(state, descriptor, into, into.byteSize()), state);
        } catch (Throwable e) {
            throw fault(e);
        }
    }

    static long write(int descriptor, MemorySegment from, long length, MemorySegment state) {
        try {
            return result((long) WRITE.invokeExact(state, descriptor, from, length), state);
        } catch (Throwable e) {
            throw fault(e);
        }
    }

    static int open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int opened =
                    (int) OPEN.invokeExact(state, arena.allocateFrom(path), READ_WRITE_CLOSE, 0);
            return (int) result(opened, state);
        } catch (Throwable e) {
            throw fault(e);
        }
    }

    static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) CLOSE.invokeExact(state(arena), descriptor);
        } catch (Throwable e) {
            throw fault(e);
        }
    }

    /** Mounts a file system of FUSE, as mount(2). */
    static int mount(String source, String place, String type, long flags, String data) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int done =
                    (int)
                            MOUNT.invokeExact(
                                    state,
                                    arena.allocateFrom(source),
                                    arena.allocateFrom(place),
                                    arena.allocateFrom(type),
                                    flags,
                                    arena.allocateFrom(data));
            return (int) result(done, state);
        } catch (Throwable e) {
            throw fault(e);
        }
    }

    /** Sends a signal, as kill(2); a process that has gone is none. */
    static void kill(int pid, int signal) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) KILL.invokeExact(state(arena), pid, signal);
        } catch (Throwable e) {
            throw fault(e);
        }
    }

    /** Takes the lock of an open file for this opening of it, or fails at once, as flock(2). */
    static long lock(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int done = (int) FLOCK.invokeExact(state, descriptor, EXCLUSIVE_AT_ONCE);
            return result(done, state);
        } catch (Throwable e) {
            throw fault(e);
        }
    }

    /** Calls the kernel by number, for what the C library has no function for. */
    static long syscall(long number, long first, long second, long third) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            return result((long) SYSCALL.invokeExact(state, number, first, second, third), state);
        } catch (Throwable e) {
            throw fault(e);
        }
    }
}

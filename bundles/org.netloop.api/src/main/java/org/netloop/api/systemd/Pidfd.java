package org.netloop.api.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;

/**
 * Descriptors of processes (pidfd_open(2), Linux 5.3). One that another process inherits says there
 * when this one has ended: after the kernel has closed its files and given up its locks. Stateless.
 */
final class Pidfd {
    private static final long OPEN = 434;
    private static final short READABLE = 1;

    /** {@code struct pollfd}: an int, and two shorts for what is asked and what is so. */
    private static final long POLLFD = 8;

    private static final MethodHandle SYSCALL =
            CLibrary.function(
                    "syscall",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle POLL =
            CLibrary.function(
                    "poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private Pidfd() {}

    /**
     * Opens that of this process.
     *
     * @throws IOException if the kernel has none, or there are too many descriptors
     */
    static int ofThisProcess() throws IOException {
        long opened = call(ProcessHandle.current().pid());
        if (opened < 0) {
            throw new IOException("this process cannot be watched, which needs Linux 5.3");
        }
        return (int) opened;
    }

    private static long call(long pid) {
        try {
            return (long) SYSCALL.invokeExact(OPEN, pid, 0L);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Waits until a process has ended, or the time is over, or a signal arrives.
     *
     * @return whether it has ended
     */
    static boolean await(int descriptor, Duration time) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment asked = arena.allocate(POLLFD, Integer.BYTES);
            asked.set(JAVA_INT, 0, descriptor);
            asked.set(JAVA_SHORT, Integer.BYTES, READABLE);
            return (int) POLL.invokeExact(asked, 1L, Math.toIntExact(time.toMillis())) > 0;
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}

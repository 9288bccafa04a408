package org.netloop.frontend.devfuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Descriptors that come over a unix socket (unix(7), SCM_RIGHTS): a msghdr points to an iovec and
 * to a cmsghdr, behind which the descriptors are. Stateless.
 */
final class Sockets {
    private static final MethodHandle SOCKETPAIR =
            Native.handle(
                    "socketpair",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle RECVMSG =
            Native.handle("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;

    private static final long MESSAGE = 56;
    private static final long MESSAGE_PARTS = 16;
    private static final long MESSAGE_PART_COUNT = 24;
    private static final long MESSAGE_CONTROL = 32;
    private static final long MESSAGE_CONTROL_LENGTH = 40;
    private static final long PART = 16;
    private static final long CONTROL_LEVEL = 8;
    private static final long CONTROL_TYPE = 12;
    private static final long CONTROL_DATA = 16;
    private static final long CONTROL_OF_ONE = CONTROL_DATA + Integer.BYTES;
    private static final long CONTROL = 64;
    private static final long ALIGNED = 8;

    private Sockets() {}

    /** Two connected sockets. */
    record Pair(int ours, int theirs) {}

    static Pair pair() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment both = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
            int made = (int) SOCKETPAIR.invokeExact(state, AF_UNIX, SOCK_STREAM_CLOEXEC, 0, both);
            long result = Native.result(made, state);
            if (result < 0) {
                throw new IOException("no pair of sockets can be made: error " + -result);
            }
            return new Pair(both.get(JAVA_INT, 0), both.get(JAVA_INT, Integer.BYTES));
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.fault(e);
        }
    }

    /**
     * Waits for a message with a descriptor.
     *
     * @return the descriptor; -1 if the other side ended, or sent a message without one
     */
    static int receive(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment part = arena.allocate(PART, ALIGNED);
            part.set(ADDRESS, 0, arena.allocate(ALIGNED));
            part.set(JAVA_LONG, ALIGNED, ALIGNED);
            MemorySegment control = arena.allocate(CONTROL, ALIGNED);
            MemorySegment message = arena.allocate(MESSAGE, ALIGNED);
            message.set(ADDRESS, MESSAGE_PARTS, part);
            message.set(JAVA_LONG, MESSAGE_PART_COUNT, 1);
            message.set(ADDRESS, MESSAGE_CONTROL, control);
            message.set(JAVA_LONG, MESSAGE_CONTROL_LENGTH, CONTROL);
            long result;
            do {
                long got = (long) RECVMSG.invokeExact(state, socket, message, MSG_CMSG_CLOEXEC);
                result = Native.result(got, state);
            } while (result == -Errno.EINTR);
            return result <= 0 || message.get(JAVA_LONG, MESSAGE_CONTROL_LENGTH) < CONTROL_OF_ONE
                    ? -1
                    : descriptor(control);
        } catch (Throwable e) {
            throw Native.fault(e);
        }
    }

    private static int descriptor(MemorySegment control) {
        boolean has =
                control.get(JAVA_LONG, 0) >= CONTROL_OF_ONE
                        && control.get(JAVA_INT, CONTROL_LEVEL) == SOL_SOCKET
                        && control.get(JAVA_INT, CONTROL_TYPE) == SCM_RIGHTS;
        return has ? control.get(JAVA_INT, CONTROL_DATA) : -1;
    }
}

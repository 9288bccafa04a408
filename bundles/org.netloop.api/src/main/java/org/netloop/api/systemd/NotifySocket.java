package org.netloop.api.systemd;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * Datagram socket of the service manager (sd_notify(3)). The JDK has no datagram sockets in the
 * file system: the C library is called. Linux only. Thread-safe.
 */
final class NotifySocket {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;

    /** A manager that does not read is not waited for. */
    private static final int MSG_DONTWAIT = 0x40;

    private static final int FAMILY_BYTES = 2;
    private static final int LONGEST_PATH = 107;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong SIZE = ValueLayout.JAVA_LONG;
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_FIELD =
            Linker.Option.captureStateLayout()
                    .varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle SENDMSG =
            function("sendmsg", FunctionDescriptor.of(SIZE, INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(INT, INT));

    private NotifySocket() {}

    private static MethodHandle function(String name, FunctionDescriptor type) {
        return CLibrary.function(name, type, ERRNO);
    }

    /**
     * Sends one message.
     *
     * @param path of the socket; one that begins with {@code @} is in the abstract name space
     * @param descriptor goes with it; null for none
     * @throws IOException if it cannot be sent
     */
    static void send(String path, String message, @Nullable Integer descriptor) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > LONGEST_PATH) {
            throw new IOException("'" + path + "' is not the path of a socket");
        }
        if (name[0] == '@') {
            name[0] = 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            int kind = SOCK_DGRAM | CLibrary.CLOSE_ON_EXEC;
            int socket = (int) SOCKET.invokeExact(state, AF_UNIX, kind, 0);
            require(socket >= 0, "socket", state);
            try {
                MemorySegment whole = Message.to(name, message, arena);
                if (descriptor != null) {
                    Message.attach(whole, descriptor, arena);
                }
                long sent = (long) SENDMSG.invokeExact(state, socket, whole, MSG_DONTWAIT);
                require(sent >= 0, "sendmsg", state);
            } finally {
                int _ = (int) CLOSE.invokeExact(state, socket);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void require(boolean good, String call, MemorySegment state) throws IOException {
        if (!good) {
            int errno = (int) ERRNO_FIELD.get(state, 0L);
            throw new IOException(call + " failed with error " + errno);
        }
    }

    /** The msghdr of recvmsg(2), with its parts, of a system with 64 bits. */
    private static final class Message {
        private static final long LENGTH = 56;
        private static final long NAME_LENGTH = 8;
        private static final long PARTS = 16;
        private static final long PART_COUNT = 24;
        private static final long CONTROL = 32;
        private static final long CONTROL_LENGTH = 40;

        /** Length of the header of a cmsghdr (cmsg(3)), in bytes. */
        private static final long HEADER = 16;

        private static final long OF_ONE = HEADER + Integer.BYTES;
        private static final long PADDED = 24;
        private static final long LEVEL = 8;
        private static final long TYPE = 12;

        private Message() {}

        static MemorySegment to(byte[] name, String text, Arena arena) {
            MemorySegment address = arena.allocate(FAMILY_BYTES + LONGEST_PATH + 1L);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, name.length);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            MemorySegment part = arena.allocate(2 * SIZE.byteSize(), SIZE.byteSize());
            part.set(ValueLayout.ADDRESS, 0, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
            part.set(SIZE, SIZE.byteSize(), bytes.length);
            MemorySegment message = arena.allocate(LENGTH, SIZE.byteSize());
            message.set(ValueLayout.ADDRESS, 0, address);
            message.set(INT, NAME_LENGTH, FAMILY_BYTES + name.length);
            message.set(ValueLayout.ADDRESS, PARTS, part);
            message.set(SIZE, PART_COUNT, 1);
            return message;
        }

        static void attach(MemorySegment message, int descriptor, Arena arena) {
            MemorySegment control = arena.allocate(PADDED, SIZE.byteSize());
            control.set(SIZE, 0, OF_ONE);
            control.set(INT, LEVEL, SOL_SOCKET);
            control.set(INT, TYPE, SCM_RIGHTS);
            control.set(INT, HEADER, descriptor);
            message.set(ValueLayout.ADDRESS, CONTROL, control);
            message.set(SIZE, CONTROL_LENGTH, PADDED);
        }
    }
}

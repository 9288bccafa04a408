package org.netloop.api.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Channels of sockets that the JDK did not open: it only takes one, and that as number 0. A channel
 * is made to listen somewhere else, its descriptor is found by that address, and the socket is put
 * in its place by dup3(2). Stateless.
 */
final class Adoption {
    private static final MethodHandle GETSOCKNAME =
            CLibrary.function(
                    "getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle GETSOCKOPT =
            CLibrary.function(
                    "getsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle DUP3 =
            CLibrary.function(
                    "dup3", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

    private static final int SOL_SOCKET = 1;
    private static final int SO_ACCEPTCONN = 30;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int NAME = 128;
    private static final int PORT_AT = 2;
    private static final int IPV4_AT = 4;
    private static final int IPV6_AT = 8;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private Adoption() {}

    /** Returns where a socket listens; empty for any other descriptor. */
    static Optional<SocketAddress> listening(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
            int got =
                    (int)
                            GETSOCKOPT.invokeExact(
                                    descriptor, SOL_SOCKET, SO_ACCEPTCONN, value, length);
            if (got != 0 || value.get(JAVA_INT, 0) == 0) {
                return Optional.empty();
            }
            MemorySegment name = arena.allocate(NAME, Long.BYTES);
            length.set(JAVA_INT, 0, NAME);
            got = (int) GETSOCKNAME.invokeExact(descriptor, name, length);
            return got == 0 ? address(name, length.get(JAVA_INT, 0)) : Optional.empty();
        } catch (IOException | RuntimeException _) {
            // An address that the JDK cannot express is none that anybody asks for.
            return Optional.empty();
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<SocketAddress> address(MemorySegment name, int length)
            throws IOException {
        ByteBuffer bytes =
                name.asSlice(0, Math.min(length, NAME)).asByteBuffer().order(ByteOrder.BIG_ENDIAN);
        return switch (name.get(JAVA_SHORT, 0)) {
            case AF_INET -> Optional.of(inet(bytes, IPV4_AT, IPV4_BYTES));
            case AF_INET6 -> Optional.of(inet(bytes, IPV6_AT, IPV6_BYTES));
            case AF_UNIX -> unix(bytes.position(PORT_AT));
            default -> Optional.empty();
        };
    }

    private static SocketAddress inet(ByteBuffer bytes, int at, int length) throws IOException {
        byte[] address = new byte[length];
        bytes.get(at, address);
        int port = Short.toUnsignedInt(bytes.getShort(PORT_AT));
        return new InetSocketAddress(InetAddress.getByAddress(address), port);
    }

    /** Sockets without a file have a name that begins with a zero, or none. */
    private static Optional<SocketAddress> unix(ByteBuffer rest) {
        String name = StandardCharsets.UTF_8.decode(rest).toString();
        int end = name.indexOf('\0');
        String path = end < 0 ? name : name.substring(0, end);
        return path.isEmpty()
                ? Optional.empty()
                : Optional.of(UnixDomainSocketAddress.of(Path.of(path).normalize()));
    }

    /**
     * Makes a channel of a duplicate.
     *
     * @throws IOException if the system lacks descriptors
     */
    static ServerSocketChannel adopt(int descriptor, StandardProtocolFamily family)
            throws IOException {
        return family == StandardProtocolFamily.UNIX ? unix(descriptor) : inet(descriptor);
    }

    private static ServerSocketChannel inet(int descriptor) throws IOException {
        SocketAddress elsewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return replaced(descriptor, ServerSocketChannel.open(), elsewhere);
    }

    private static ServerSocketChannel unix(int descriptor) throws IOException {
        Path directory = Files.createTempDirectory("netloop-");
        Path aside = directory.resolve("s");
        try {
            return replaced(
                    descriptor,
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX),
                    UnixDomainSocketAddress.of(aside));
        } finally {
            Files.deleteIfExists(aside);
            Files.deleteIfExists(directory);
        }
    }

    private static ServerSocketChannel replaced(
            int descriptor, ServerSocketChannel channel, SocketAddress elsewhere)
            throws IOException {
        boolean done = false;
        try {
            int number = number(channel.bind(elsewhere).getLocalAddress());
            int result = (int) DUP3.invokeExact(descriptor, number, CLibrary.CLOSE_ON_EXEC);
            if (result != number) {
                throw new IOException("a socket that was passed cannot be duplicated");
            }
            done = true;
            return channel;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    /** Finds the descriptor of this process that listens at an address nobody else can have. */
    static int number(SocketAddress address) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.mapToInt(path -> Integer.parseInt(path.getFileName().toString()))
                    .filter(number -> listening(number).filter(address::equals).isPresent())
                    .findFirst()
                    .orElseThrow(() -> new IOException("no socket listens at " + address));
        }
    }
}

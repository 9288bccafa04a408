package org.netloop.api.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.netloop.api.systemd.PassedDescriptors.Passed;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Tests whose a socket is that was passed: the service manager's, or a former process's. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PassedSocketsTest {
    private static final int FIRST = 3;

    private static ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static int duplicate(int descriptor) throws Throwable {
        Linker linker = Linker.nativeLinker();
        return (int)
                linker.downcallHandle(
                                linker.defaultLookup().findOrThrow("dup"),
                                FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                        .invokeExact(descriptor);
    }

    /** Returns the sockets of a process that got one descriptor, by its name. */
    private static PassedSockets of(Passed one) {
        int before = one.number() - FIRST;
        Map<String, String> environment =
                Map.of(
                        "LISTEN_PID",
                        "7",
                        "LISTEN_FDS",
                        String.valueOf(before + 1),
                        "LISTEN_FDNAMES",
                        ":".repeat(before) + one.name());
        PassedDescriptors passed = new PassedDescriptors(environment, 7);
        for (int i = 0; i < before; i++) {
            // Those before it are of the tests' own process.
            assertThat(passed.take(other -> other.number() != one.number())).isPresent();
        }
        return new PassedSockets(passed);
    }

    /** Returns what the next process gets, by a descriptor of its own. */
    private static Passed passOn(
            PassedSockets sockets, ServerSocketChannel channel, SocketAddress address)
            throws Throwable {
        Passed passed = sockets.passOn(channel, address);
        return new Passed(duplicate(passed.number()), passed.name());
    }

    @Test
    void oneOfAFormerProcessIsClosedWithItsChannel() throws Throwable {
        PassedSockets first = of(new Passed(FIRST, "none"));
        SocketAddress address;
        PassedSockets second;
        try (ServerSocketChannel made = listen()) {
            address = made.getLocalAddress();
            second = of(passOn(first, made, address));
        }
        try (ServerSocketChannel opened = second.open(address).orElseThrow().channel();
                SocketChannel client = SocketChannel.open(address);
                SocketChannel served = opened.accept()) {
            assertThat(served.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        }
        assertThat(second.open(address)).isEmpty();
        assertThatThrownBy(() -> SocketChannel.open(address)).isInstanceOf(IOException.class);
    }

    @Test
    void oneThatAStandbyHasOpenIsFoundAgainByThisProcess() throws Throwable {
        PassedSockets sockets = of(new Passed(FIRST, "none"));
        SocketAddress address;
        int standbys;
        try (ServerSocketChannel made = listen()) {
            address = made.getLocalAddress();
            standbys = duplicate(sockets.share(made, address).number());
            assertThat(sockets.share(made, address).name()).startsWith("netloop-at-");
        }
        assertThatThrownBy(() -> ServerSocketChannel.open().bind(address))
                .isInstanceOf(IOException.class);
        for (int update = 0; update < 2; update++) {
            try (ServerSocketChannel again = sockets.open(address).orElseThrow().channel();
                    SocketChannel _ = SocketChannel.open(address);
                    SocketChannel _ = again.accept()) {
                Passed shared = sockets.share(again, address);
                assertThat(Adoption.listening(shared.number())).contains(address);
            }
        }
        Spawn.close(standbys);
        sockets.unshare();
        assertThatThrownBy(() -> SocketChannel.open(address)).isInstanceOf(IOException.class);
    }

    @Test
    void oneWhosePlaceAnotherSocketHasIsNotUsed() throws Throwable {
        Path directory = Files.createTempDirectory("netloop-test");
        SocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        PassedSockets first = of(new Passed(FIRST, "none"));
        try (ServerSocketChannel made = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            made.bind(address);
            PassedSockets second = of(passOn(first, made, address));
            PassedSockets third = of(passOn(first, made, address));
            try (ServerSocketChannel opened = second.open(address).orElseThrow().channel()) {
                assertThat(opened.isOpen()).isTrue();
            }
            Files.delete(directory.resolve("s"));
            assertThat(third.open(address)).isEmpty();
            try (ServerSocketChannel other =
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                other.bind(address);
            }
            assertThat(of(passOn(first, made, address)).open(address)).isEmpty();
        } finally {
            Files.deleteIfExists(directory.resolve("s"));
            Files.delete(directory);
        }
    }

    @Test
    void oneOfTheManagerStaysTheManagersFromProcessToProcess() throws Throwable {
        try (ServerSocketChannel managers = listen()) {
            SocketAddress address = managers.getLocalAddress();
            Passed passed = new Passed(duplicate(Adoption.number(address)), "nbd");
            for (int generation = 0; generation < 3; generation++) {
                PassedSockets sockets = of(passed);
                PassedSockets.Opened opened = sockets.open(address).orElseThrow();
                try (ServerSocketChannel channel = opened.channel()) {
                    assertThat(opened.ours()).isFalse();
                    Passed next = passOn(sockets, channel, address);
                    Spawn.close(passed.number());
                    passed = next;
                }
            }
            assertThat(passed.name()).isEqualTo("nbd");
            Spawn.close(passed.number());
        }
    }
}

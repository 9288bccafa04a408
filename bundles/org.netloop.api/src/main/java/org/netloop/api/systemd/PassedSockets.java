package org.netloop.api.systemd;

import org.netloop.api.systemd.PassedDescriptors.Passed;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Listening sockets that the service manager passes to this process (socket activation). They are
 * found by address. Clients that connect while nobody accepts are not refused: they wait in the
 * kernel's queue, also from one process of the service to the next. Thread-safe.
 */
public final class PassedSockets {
    private static final PassedSockets OF_THIS_PROCESS =
            new PassedSockets(PassedDescriptors.ofThisProcess());

    private static final String AT = "netloop-at-";

    private final PassedDescriptors passed;
    private volatile boolean handedOver;

    /** Addresses that were asked for; guarded by the monitor. */
    private final Set<SocketAddress> used = new LinkedHashSet<>();

    /** Sockets that channels were made of; guarded by the monitor. */
    private final Map<ServerSocketChannel, Source> sources = new WeakHashMap<>();

    /** Descriptors of channels, which are long to find; guarded by the monitor. */
    private final Map<ServerSocketChannel, Integer> numbers = new WeakHashMap<>();

    /**
     * A socket as it was passed.
     *
     * @param listening where it really listens, as the kernel says
     * @param name as it was passed
     */
    private record Source(SocketAddress listening, String name) {}

    /**
     * One that was opened.
     *
     * @param channel its own {@code getLocalAddress} says nothing
     * @param ours whether a former process of this deployment made it, so that this one removes its
     *     file; else it belongs to the service manager
     */
    public record Opened(ServerSocketChannel channel, boolean ours) {}

    PassedSockets(PassedDescriptors passed) {
        this.passed = passed;
    }

    /** Returns those of this process. */
    public static PassedSockets ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /**
     * Opens the one that listens at an address. One of the service manager stays with this process
     * when the channel is closed, and may be opened again; one of a former process is closed with
     * the channel.
     *
     * @return empty if none was passed for the address
     * @throws IOException if the system lacks descriptors
     */
    public synchronized Optional<Opened> open(SocketAddress address) throws IOException {
        for (Passed one : passed.left()) {
            SocketAddress listening = Adoption.listening(one.number()).orElse(null);
            boolean ours = one.name().equals(name(address));
            if (ours && isLost(address)) {
                close(one);
            } else if (listening != null && (ours || isSame(listening, address))) {
                ServerSocketChannel channel = Adoption.adopt(one.number(), family(listening));
                used.add(listening);
                sources.put(channel, new Source(listening, one.name()));
                if (ours) {
                    close(one);
                }
                return Optional.of(new Opened(channel, ours));
            }
        }
        return Optional.empty();
    }

    private void close(Passed one) {
        if (passed.take(one::equals).isPresent()) {
            Spawn.close(one.number());
        }
    }

    /** Returns whether another socket has been put in the place of one in the file system. */
    private static boolean isLost(SocketAddress address) {
        if (!(address instanceof UnixDomainSocketAddress unix)) {
            return false;
        }
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Nobody accepts yet: a queue that is full is not waited for.
            client.configureBlocking(false);
            client.connect(address);
            return false;
        } catch (ConnectException _) {
            return true;
        } catch (IOException _) {
            return !Files.exists(unix.getPath(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Returns the name of a socket that one process of a deployment hands to the next. */
    private static String name(SocketAddress address) {
        return AT + URLEncoder.encode(address.toString(), StandardCharsets.UTF_8);
    }

    /**
     * Returns a socket of this process for a {@linkplain HandsOver successor}, which finds it by
     * address. One of the service manager stays the manager's.
     *
     * @param address by which it is asked for there
     * @throws IOException if the channel is closed
     */
    public synchronized Passed passOn(ServerSocketChannel channel, SocketAddress address)
            throws IOException {
        Source source = sources.get(channel);
        SocketAddress local = channel.getLocalAddress();
        Integer known = numbers.get(channel);
        int number =
                known == null
                        ? Adoption.number(source == null ? local : source.listening())
                        : known;
        numbers.put(channel, number);
        return new Passed(number, source == null ? name(address) : source.name());
    }

    /**
     * Returns a socket of this process for a {@linkplain Successor#standBy standby}, which has it
     * open meanwhile: nothing else could be bound to its address then. One of TCP therefore stays
     * with this process when the channel is closed, and may be opened again.
     *
     * @param address by which it is asked for
     * @throws IOException if the channel is closed, or there are too many descriptors
     */
    public synchronized Passed share(ServerSocketChannel channel, SocketAddress address)
            throws IOException {
        Passed shared = passOn(channel, address);
        if (address instanceof InetSocketAddress
                && shared.name().startsWith(AT)
                && passed.left().stream().noneMatch(one -> one.name().equals(shared.name()))) {
            passed.add(new Passed(Spawn.duplicate(shared.number()), shared.name()));
        }
        return shared;
    }

    /** Closes what stayed with this process for a standby, or came from one, and nobody opened. */
    public synchronized void unshare() {
        passed.left().stream().filter(one -> one.name().startsWith(AT)).forEach(this::close);
    }

    /** Notes that the sockets are the successor's now: their files stay when this process ends. */
    public void handOver() {
        handedOver = true;
    }

    /**
     * Returns whether another process serves at the sockets of this one: a successor that they were
     * handed over to, or a former process that has not ended and may go on alone.
     */
    public boolean isHandedOver() {
        return handedOver || Former.ofThisProcess().filter(one -> !one.gone().isDone()).isPresent();
    }

    /** Returns the addresses of those that nobody opened: their clients wait in vain. */
    public synchronized List<SocketAddress> unused() {
        return passed.left().stream()
                .filter(one -> !one.name().startsWith(AT))
                .flatMap(one -> Adoption.listening(one.number()).stream())
                .filter(address -> !used.contains(address))
                .toList();
    }

    private static StandardProtocolFamily family(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress
                ? StandardProtocolFamily.UNIX
                : StandardProtocolFamily.INET6;
    }

    /** Returns whether two addresses mean the same; {@code [::]} and 0.0.0.0 are every address. */
    private static boolean isSame(SocketAddress one, SocketAddress other) {
        if (one instanceof InetSocketAddress a
                && other instanceof InetSocketAddress b
                && a.getAddress().isAnyLocalAddress()
                && Objects.requireNonNull(b.getAddress()).isAnyLocalAddress()) {
            return a.getPort() == b.getPort();
        }
        return one.equals(other);
    }
}

package org.netloop.transport.http;

import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Addresses of hosts. The resolver of the system may take minutes and cannot be interrupted, so a
 * thread of its own looks each name up, and a fetch waits for it no longer than it has time. A name
 * that is known keeps its addresses until newer ones are there. The client only gets what was found
 * before, so that no thread that others need waits for a resolver. Bounded; thread-safe.
 */
final class Names implements DnsResolver {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_KNOWN = 512;
    private static final int MOST_PENDING = 64;

    /** Looks a name up; may hang. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    private record Found(List<InetAddress> addresses, long atNanos) {}

    private final Lookup lookup;
    private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> pending =
            new ConcurrentHashMap<>();

    /** Guarded by itself. */
    private final Map<String, Found> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
                    return size() > MOST_KNOWN;
                }
            };

    Names(Lookup lookup) {
        this.lookup = lookup;
    }

    /**
     * Waits until the addresses of a host are known.
     *
     * @param host nothing is waited for if it is empty or an address of IPv6 in brackets
     * @param deadline as of {@link System#nanoTime}
     * @throws UnknownHostException if it has none
     * @throws TimeoutException if the resolver has not answered by then
     */
    void await(String host, long deadline)
            throws UnknownHostException, TimeoutException, InterruptedException {
        if (host.isEmpty() || host.startsWith("[")) {
            return;
        }
        String name = lower(host);
        Found before = found(name);
        if (before != null && System.nanoTime() - before.atNanos() < FRESH_NANOS) {
            return;
        }
        CompletableFuture<List<InetAddress>> result = begin(name);
        if (before == null) {
            try {
                result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UnknownHostException unknown) {
                    throw unknown;
                }
                throw (UnknownHostException) new UnknownHostException(host).initCause(e);
            }
        }
    }

    private CompletableFuture<List<InetAddress>> begin(String name) throws UnknownHostException {
        if (pending.size() >= MOST_PENDING && !pending.containsKey(name)) {
            throw new UnknownHostException(name);
        }
        return pending.computeIfAbsent(
                name,
                _ -> {
                    CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
                    Thread.ofPlatform()
                            .daemon()
                            .name("netloop-resolve " + name)
                            .start(() -> look(name, result));
                    return result;
                });
    }

    private void look(String name, CompletableFuture<List<InetAddress>> result) {
        try {
            List<InetAddress> addresses = List.of(lookup.of(name));
            synchronized (known) {
                known.put(name, new Found(addresses, System.nanoTime()));
            }
            pending.remove(name);
            result.complete(addresses);
        } catch (UnknownHostException | RuntimeException e) {
            synchronized (known) {
                known.remove(name);
            }
            pending.remove(name);
            result.completeExceptionally(e);
        }
    }

    private @Nullable Found found(String name) {
        synchronized (known) {
            return known.get(name);
        }
    }

    private static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        Found found = found(lower(host));
        return found == null ? lookup.of(host) : found.addresses().toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}

package org.netloop.console;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Wrong tokens of each client: after some in a row it has to wait, and may then try one more at a
 * time. Remembers the latest clients only. Thread-safe.
 */
final class Tries {
    /** Wrong tokens that a client has free. */
    static final int FREE = 5;

    /** Time that each further one costs. */
    static final Duration PAUSE = Duration.ofSeconds(30);

    private static final int CLIENTS = 1024;

    private final LongSupplier nanoTime;

    /** Times at which the tries of clients are forgotten; guarded by the monitor. */
    private final Map<InetAddress, Long> until =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
                    return size() > CLIENTS;
                }
            };

    /**
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    Tries(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns the seconds that a client has to wait; 0 if it may try. */
    synchronized long secondsLeft(InetAddress client) {
        Long end = until.get(client);
        if (end == null) {
            return 0;
        }
        long used = end - nanoTime.getAsLong();
        long over = used - (FREE - 1) * PAUSE.toNanos();
        return over <= 0 ? 0 : Duration.ofNanos(over).toSeconds() + 1;
    }

    /** Forgets the wrong tokens of a client, which showed the right one. */
    synchronized void right(InetAddress client) {
        until.remove(client);
    }

    /** Notes a wrong token. */
    synchronized void wrong(InetAddress client) {
        long now = nanoTime.getAsLong();
        Long end = until.remove(client);
        until.put(client, (end == null || end - now < 0 ? now : end) + PAUSE.toNanos());
    }
}

package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Clients connected to a frontend, at all of its places. Those who negotiate yet are few, and the
 * oldest makes room for the next; whoever has chosen an export has a seat. When all seats are
 * taken, a client that went quiet loses its one, of the source that has most; a source that has
 * less than its share takes one of those who have more, busy or not. Thread-safe.
 */
final class Clients {
    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);

    /** Most clients that may negotiate at a time. */
    static final int MOST_NEGOTIATING = 128;

    /** Time for which a negotiating client cannot be evicted for another one. */
    static final Duration SHORTEST_HANDSHAKE = Duration.ofMillis(500);

    /** Time within which a client has to choose an export. */
    static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(10);

    /** Idle time after which a client may be evicted for another one. */
    static final Duration QUIET = Duration.ofSeconds(5);

    /** Idle time after which a client gives up its buffer. */
    static final Duration RESTING = Duration.ofSeconds(1);

    /** Within that time a client has to take some of its replies. */
    static final Duration LONGEST_WRITE = Duration.ofSeconds(60);

    private final Memory memory;
    private final LongSupplier nanoClock;
    private final Repeated turnedOut;
    private final Repeated refused;

    /** Negotiating clients in order of arrival; guarded by the monitor. */
    private final Set<Client> negotiating = new LinkedHashSet<>();

    private final Set<Client> seated = new LinkedHashSet<>();

    /** A connection. */
    interface Client {
        /** Returns the client's origin: clients with equal sources share one allowance. */
        Object source();

        /** Returns the time of its arrival, by {@link System#nanoTime}. */
        long sinceNanos();

        /**
         * Returns the nanoseconds since its last request, with none under way; -1 if it is busy.
         */
        long quietNanos(long now);

        /** Returns whether it has accepted none of its data for that long. */
        boolean isStuck(long now, long longestNanos);

        /** Returns whether it has memory for TLS. */
        boolean usesTls();

        /** Gives back what it can do without while it is quiet. */
        void rest();

        /** Ends it. */
        void turnOut();
    }

    Clients(Memory memory, LongSupplier nanoClock) {
        this.memory = memory;
        this.nanoClock = nanoClock;
        this.turnedOut = new Repeated(nanoClock, LOG::info);
        this.refused = new Repeated(nanoClock, LOG::warn);
    }

    /** Returns the number of seats. */
    int seats() {
        return memory.clients();
    }

    /** Lets a client in to negotiate; waits for room if all who do have only just come. */
    synchronized void admit(Client client) throws InterruptedException {
        while (negotiating.size() >= MOST_NEGOTIATING) {
            Client oldest = Objects.requireNonNull(first(largestSource(negotiating), negotiating));
            long left =
                    SHORTEST_HANDSHAKE.toNanos() - (nanoClock.getAsLong() - oldest.sinceNanos());
            if (left <= 0) {
                turnOut(oldest, "it negotiates while others wait to");
            } else {
                wait(left / 1_000_000 + 1);
            }
        }
        negotiating.add(client);
    }

    private static @Nullable Client first(Object source, Collection<Client> among) {
        return among.stream().filter(c -> c.source().equals(source)).findFirst().orElse(null);
    }

    /** Gives a client a seat; false if there is none for it. */
    synchronized boolean seat(Client client) {
        if (!negotiating.contains(client)) {
            return false;
        }
        if (seated.size() >= seats()) {
            Client leaving = whoMakesRoomFor(client.source());
            if (leaving == null) {
                refused.happened("all " + seats() + " seats are taken: a client is turned away");
                return false;
            }
            turnOut(leaving, "its seat is needed for another");
        }
        negotiating.remove(client);
        seated.add(client);
        notifyAll();
        return true;
    }

    private @Nullable Client whoMakesRoomFor(Object source) {
        Map<Object, Integer> bySource = count(seated);
        int ours = bySource.getOrDefault(source, 0);
        Object largest = largestSource(seated);
        int most = bySource.getOrDefault(largest, 0);
        Client quiet = longestQuiet(most > ours ? largest : source, seated);
        int share = seats() / (bySource.size() + (ours == 0 ? 1 : 0));
        return quiet == null && ours < share && most > share ? last(largest) : quiet;
    }

    private @Nullable Client longestQuiet(Object source, Collection<Client> among) {
        long now = nanoClock.getAsLong();
        long longest = QUIET.toNanos();
        Client found = null;
        for (Client one : among) {
            long quiet = one.source().equals(source) ? one.quietNanos(now) : -1;
            if (quiet >= longest) {
                longest = quiet;
                found = one;
            }
        }
        return found;
    }

    private @Nullable Client last(Object source) {
        Client found = null;
        for (Client one : seated) {
            found = one.source().equals(source) ? one : found;
        }
        return found;
    }

    private static Object largestSource(Collection<Client> among) {
        return count(among).entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
    }

    private static Map<Object, Integer> count(Collection<Client> among) {
        Map<Object, Integer> bySource = new HashMap<>();
        among.forEach(client -> bySource.merge(client.source(), 1, Integer::sum));
        return bySource;
    }

    private void turnOut(Client client, String why) {
        negotiating.remove(client);
        seated.remove(client);
        turnedOut.happened("a client from " + client.source() + " is disconnected: " + why);
        client.turnOut();
    }

    /** The system lacks what one more client takes: the longest quiet one goes. */
    synchronized void makeRoom() {
        turnOutQuiet(seated, "the system has no room for more clients");
    }

    private void turnOutQuiet(Collection<Client> among, String why) {
        Client quiet = longestQuiet(largestSource(among), among);
        if (quiet != null) {
            turnOut(quiet, why);
        }
    }

    /**
     * The memory for TLS lacks what one more client takes: of those who have some, the one goes
     * that negotiates longest, or else one that is quiet.
     */
    synchronized void makeRoomForTls() {
        String why = "others wait to use TLS";
        List<Client> starting = negotiating.stream().filter(Client::usesTls).toList();
        Client oldest = first(largestSource(starting), starting);
        long age = oldest == null ? 0 : nanoClock.getAsLong() - oldest.sinceNanos();
        if (oldest != null && age >= SHORTEST_HANDSHAKE.toNanos()) {
            turnOut(oldest, "it negotiates while " + why);
        } else {
            turnOutQuiet(seated.stream().filter(Client::usesTls).toList(), why);
        }
    }

    synchronized void left(Client client) {
        negotiating.remove(client);
        seated.remove(client);
        notifyAll();
    }

    /** Looks after all of them; called about once a second. */
    synchronized void sweep() {
        long now = nanoClock.getAsLong();
        for (Client one : List.copyOf(negotiating)) {
            if (now - one.sinceNanos() > LONGEST_HANDSHAKE.toNanos()) {
                turnOut(one, "it does not choose an export");
            }
        }
        boolean allQuiet = true;
        for (Client one : List.copyOf(seated)) {
            if (one.isStuck(now, LONGEST_WRITE.toNanos())) {
                turnOut(one, "it does not take its replies");
            } else if (one.quietNanos(now) >= RESTING.toNanos()) {
                one.rest();
            } else {
                allQuiet = false;
            }
        }
        if (allQuiet) {
            memory.trim();
        }
    }
}

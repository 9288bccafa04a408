package org.netloop.cache.redis;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Secrets;
import org.netloop.api.retry.Retry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * The way to the server, while it does well. When it is late, gone or wrong too often it is set
 * aside: its client is closed, and no call goes there. A thread of its own tries it again, after
 * pauses that grow while it does not stay well; no reader waits for that. Thread-safe.
 */
final class Link implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** Longest time that a new client takes: for each of several nodes, and its name. */
    private static final Duration LONGEST_OPENING = Duration.ofSeconds(20);

    /** A server that did well for so long is tried again as soon as the first time. */
    private static final Duration WELL_FOR = Duration.ofSeconds(60);

    private final String name;
    private final Server server;
    private final Duration lookUp;
    private final Calls calls;
    private final Figures figures;
    private final Breaker breaker = new Breaker();
    private final Retry retry;

    /** Null before the first contact, while it is set aside, and once this is closed. */
    private volatile @Nullable UnifiedJedis client;

    /** Reason why there is no client; empty if there is one, or nothing is known yet. */
    private volatile String trouble = "";

    private long since = System.nanoTime();
    private boolean closed;

    /**
     * @param name what messages call the server
     * @param lookUp time within which an answer has to come for the server to be of use
     * @param calls bounds calls for it
     */
    Link(String name, Server server, Duration lookUp, Calls calls, Figures figures) {
        this.name = name;
        this.server = server;
        this.lookUp = lookUp;
        this.calls = calls;
        this.figures = figures;
        this.retry = new Retry(this::connect, Retry::later);
    }

    /** Makes clients of a server. */
    interface Server {
        /** Makes a client, and connects it. */
        UnifiedJedis open();

        /** Looks up what is not there. */
        void probe(UnifiedJedis client);
    }

    /** Command to the server. */
    @FunctionalInterface
    interface Command<T> {
        /** Sends it, and returns the answer. */
        T on(UnifiedJedis client);
    }

    /** Answer of the server that is an error: it is there, and does not do what it was asked. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Connects, or fails to and goes on trying.
     *
     * @param patience how long to wait for the first attempt
     */
    void start(Duration patience) throws InterruptedException {
        Thread first = Thread.ofVirtual().name("netloop-redis-first").start(this::connect);
        first.join(patience);
    }

    private void connect() {
        if (isUp() || isClosed()) {
            return;
        }
        try {
            calls.within(LONGEST_OPENING, this::open);
        } catch (ExecutionException e) {
            failedAgain(reason(e.getCause()));
        } catch (TimeoutException _) {
            failedAgain("it cannot be reached in " + LONGEST_OPENING.toSeconds() + " s");
        } catch (Calls.BusyException e) {
            failedAgain(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean open() {
        UnifiedJedis fresh = server.open();
        boolean good = false;
        try {
            server.probe(fresh);
            long began = System.nanoTime();
            server.probe(fresh);
            long took = System.nanoTime() - began;
            if (took > lookUp.toNanos()) {
                throw new IllegalStateException(
                        "it answers after %d ms, and not within %d ms"
                                .formatted(took / 1_000_000, lookUp.toMillis()));
            }
            good = take(fresh);
            return good;
        } finally {
            if (!good) {
                fresh.close();
            }
        }
    }

    private boolean take(UnifiedJedis fresh) {
        synchronized (this) {
            if (closed || client != null) {
                return false;
            }
            breaker.reset();
            since = System.nanoTime();
            client = fresh;
            trouble = "";
        }
        LOG.info("the shared cache {} is used", name);
        return true;
    }

    private void failedAgain(String why) {
        boolean tell;
        synchronized (this) {
            if (closed || client != null) {
                return;
            }
            trouble = why;
            tell = retry.failed(why);
        }
        if (tell) {
            LOG.warn(
                    "the shared cache {} is not used: {}; it is tried again from time to time",
                    name,
                    why);
        }
    }

    /** Returns whether calls go to the server. */
    boolean isUp() {
        return client != null;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Returns why calls do not go to the server; empty if they do, or nothing is known yet. */
    String trouble() {
        return trouble;
    }

    /**
     * Looks something up; an error as an answer is a failure.
     *
     * @return null if the server is set aside, did not answer in time, or has nothing
     */
    <T> @Nullable T ask(Command<T> command) {
        UnifiedJedis now = client;
        if (now == null) {
            return null;
        }
        try {
            T answer = calls.within(lookUp, () -> command.on(now));
            breaker.succeeded();
            return answer;
        } catch (Calls.BusyException _) {
            figures.busy.increment();
        } catch (TimeoutException _) {
            failed(now, "it did not answer within " + lookUp.toMillis() + " ms");
        } catch (ExecutionException e) {
            failed(now, reason(e.getCause()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /**
     * Sends something that no reader waits for. It makes good for no failure: who cannot be read in
     * time is of no use.
     *
     * @param most longest wait
     * @return null as above
     * @throws RefusedException if the server answered with an error
     */
    <T> @Nullable T tell(Duration most, Command<T> command) throws RefusedException {
        UnifiedJedis now = client;
        if (now == null) {
            return null;
        }
        try {
            return calls.within(most, () -> command.on(now));
        } catch (Calls.BusyException e) {
            LOG.debug("the shared cache {}: {}", name, e.getMessage());
        } catch (TimeoutException _) {
            failed(now, "it did not take a block within " + most.toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JedisDataException) {
                throw new RefusedException(reason(e.getCause()));
            }
            failed(now, reason(e.getCause()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private void failed(UnifiedJedis at, String why) {
        figures.failures.increment();
        if (breaker.failed()) {
            setAside(at, why);
        }
    }

    /** Counts a value that proved wrong. */
    void lied() {
        UnifiedJedis now = client;
        if (now != null && breaker.lied()) {
            setAside(now, "its blocks are wrong, again and again");
        }
    }

    private void setAside(UnifiedJedis which, String why) {
        synchronized (this) {
            if (client != which) {
                return;
            }
            client = null;
            trouble = why;
            if (System.nanoTime() - since > WELL_FOR.toNanos()) {
                retry.done();
            }
            retry.failed(why);
        }
        figures.setAside.increment();
        LOG.warn("the shared cache {} is set aside, and tried again soon: {}", name, why);
        Thread.ofVirtual().name("netloop-redis-closing").start(which::close);
    }

    /** A library's message may have anything in it. */
    private static String reason(@Nullable Throwable thrown) {
        Throwable last = thrown;
        while (last != null && last.getCause() != null && last.getCause() != last) {
            last = last.getCause();
        }
        String message = last == null ? null : last.getMessage();
        return Secrets.hide(message == null ? String.valueOf(last) : message);
    }

    @Override
    public void close() {
        UnifiedJedis last;
        synchronized (this) {
            closed = true;
            last = client;
            client = null;
            retry.done();
        }
        if (last != null) {
            last.close();
        }
    }
}

package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Printable;
import org.netloop.frontend.nbd.Buffers.Buffer;
import org.netloop.frontend.nbd.Handshake.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** One client, from its handshake to its end. */
final class Connection implements Runnable, Clients.Client {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** How long requests under way may take after a client has gone without saying so. */
    private static final Duration GONE = Duration.ofSeconds(2);

    /** How long they may take after it said so, or was told to end: as long as any read. */
    private static final Duration ENDING = Duration.ofMinutes(10);

    private final SocketChannel channel;
    private final Object source;
    private final Listener listener;
    private final Memory memory;
    private final Lane lane;
    private final InFlight inFlight;
    private final long sinceNanos = System.nanoTime();

    /** Since when it waits for a request; 0 while there is one. */
    private volatile long quietSinceNanos;

    private volatile @Nullable Export export;
    private volatile boolean transmitting;
    private volatile boolean ending;

    /**
     * @param source where it comes from
     */
    Connection(
            SocketChannel channel,
            Object source,
            Listener listener,
            Memory memory,
            InFlight inFlight) {
        this.channel = channel;
        this.source = source;
        this.listener = listener;
        this.memory = memory;
        this.inFlight = inFlight;
        this.lane = new Lane(channel, memory, System::nanoTime);
    }

    /** Notes when it waits for the client. */
    private final class Requests implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer into) throws IOException {
            quietSinceNanos = System.nanoTime() | 1;
            int count = channel.read(into);
            quietSinceNanos = 0;
            return count;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public void run() {
        try (channel) {
            Session session = new Handshake(channel, listener, this::enter).negotiate();
            if (session != null) {
                LOG.debug("a client reads export '{}'", Printable.line(session.export().name()));
                transmit(session);
            }
        } catch (ProtocolException e) {
            listener.complain(e);
        } catch (EOFException | AsynchronousCloseException e) {
            LOG.debug("a client of {} is gone: {}", listener.address(), e.toString());
        } catch (IOException e) {
            LOG.debug(
                    "the connection to a client of {} broke: {}",
                    listener.address(),
                    e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("a connection of {} failed in a way it should not", listener.address(), e);
        } finally {
            listener.ended(this);
        }
    }

    private void transmit(Session session) throws IOException, InterruptedException {
        Duration rest = Duration.ZERO;
        Buffer in = memory.takeForRequests();
        try {
            transmitting = true;
            boolean said =
                    new Transmission(new Requests(), in.bytes(), session, lane, memory, inFlight)
                            .serve();
            rest = said || ending ? ENDING : GONE;
        } finally {
            inFlight.finish(rest);
            lane.close();
            memory.give(in);
        }
    }

    /** Takes a seat, and the export if it is still there. */
    private Handshake.Entry enter(Export wanted) {
        return listener.enter(this, wanted);
    }

    /** Called by the listener, which keeps it from being missed when the export goes. */
    void reads(Export chosen) {
        export = chosen;
    }

    boolean isReading(Export candidate) {
        return export == candidate;
    }

    /** No further request is taken; what was asked for is answered if the client still listens. */
    void shutInput() {
        ending = true;
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            LOG.debug("a connection was closed already: {}", e.getMessage());
        }
    }

    @Override
    public Object source() {
        return source;
    }

    @Override
    public long sinceNanos() {
        return sinceNanos;
    }

    @Override
    public long quietNanos(long now) {
        long since = quietSinceNanos;
        return since == 0 || !inFlight.isEmpty() ? -1 : now - since;
    }

    @Override
    public boolean isStuck(long now, long longestNanos) {
        return !transmitting && now - sinceNanos > longestNanos || lane.isStuck(now, longestNanos);
    }

    @Override
    public void rest() {
        lane.rest();
    }

    @Override
    public void turnOut() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a connection could not be closed: {}", e.getMessage());
        }
        inFlight.cancel();
    }
}

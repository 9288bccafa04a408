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
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** One client, from its handshake to its end. */
final class Connection implements Runnable, Clients.Client {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** Time that requests under way are given after a client has disconnected without notice. */
    private static final Duration GONE = Duration.ofSeconds(2);

    /**
     * Time that requests under way are given after a client announced its end or was told to stop:
     * as long as any read.
     */
    private static final Duration ENDING = Duration.ofMinutes(10);

    /** Time after which another client has to make room for TLS, and how often one is asked to. */
    private static final Duration TRY_FOR_TLS = Duration.ofMillis(250);

    private static final int TRIES_FOR_TLS = 20;

    private final SocketChannel channel;
    private final Object source;
    private final Listener listener;
    private final Memory memory;
    private final InFlight inFlight;
    private final long sinceNanos = System.nanoTime();

    /** Since when it waits for a request; 0 while there is one. */
    private volatile long quietSinceNanos;

    /** The way back to the client, once it negotiated. */
    private volatile @Nullable Lane lane;

    /** Set and used by its own thread. */
    private @Nullable TlsChannel tls;

    /** Set by its own thread. */
    private volatile @Nullable Buffer roomForTls;

    private volatile @Nullable Export export;
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
    }

    /** Notes when it waits for the client. */
    private final class Requests implements ReadableByteChannel {
        private final ReadableByteChannel requests;

        Requests(ReadableByteChannel requests) {
            this.requests = requests;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            quietSinceNanos = System.nanoTime() | 1;
            int count = requests.read(into);
            quietSinceNanos = 0;
            return count;
        }

        @Override
        public boolean isOpen() {
            return requests.isOpen();
        }

        @Override
        public void close() throws IOException {
            requests.close();
        }
    }

    /** The TLS of this client. */
    private final class Upgrade implements Encryption {
        @Override
        public TlsMode mode() {
            return listener.tls().mode();
        }

        @Override
        public Encryption.Secured secure() throws IOException, InterruptedException {
            Buffer room = takeRoom();
            roomForTls = room;
            TlsChannel secured = new TlsChannel(channel, listener.tls().engine(), room);
            tls = secured;
            secured.handshake();
            return new Encryption.Secured(secured, new Visible(listener, secured.client()));
        }

        private Buffer takeRoom() throws IOException, InterruptedException {
            // Whoever was disconnected meanwhile asks nobody else to make room.
            for (int i = 0; i < TRIES_FOR_TLS && channel.isOpen(); i++) {
                Buffer room = memory.takeForTls(TRY_FOR_TLS);
                if (room != null) {
                    return room;
                }
                listener.makeRoomForTls();
            }
            if (!channel.isOpen()) {
                throw new EOFException("it was disconnected while it waited to use TLS");
            }
            throw new ProtocolException(
                    "there is no memory for more clients of TLS; more buffers.mib of"
                            + " org.netloop.frontend.nbd would give some");
        }
    }

    @Override
    public void run() {
        try {
            serve();
        } catch (ProtocolException e) {
            listener.complain(source, e);
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
            Buffer room = roomForTls;
            if (room != null) {
                memory.giveOfTls(room);
            }
            listener.ended(this);
        }
    }

    private void serve() throws IOException, InterruptedException {
        try (channel) {
            try {
                Session session = negotiate();
                if (session != null) {
                    LOG.debug(
                            "a client reads export '{}'", Printable.line(session.export().name()));
                    transmit(session, tls == null ? channel : tls);
                }
            } finally {
                // Before the client sees the end: its seat is free if it comes again at once.
                listener.left(this);
                if (tls != null) {
                    tls.sayEnd();
                }
            }
        }
    }

    private @Nullable Session negotiate() throws IOException, InterruptedException {
        Visible visible = new Visible(listener, ClientNames.NONE);
        return new Handshake(channel, visible, new Upgrade(), this::enter).negotiate();
    }

    private void transmit(Session session, ByteChannel stream)
            throws IOException, InterruptedException {
        Duration rest = Duration.ZERO;
        Lane replies = new Lane(stream, memory, System::nanoTime);
        Buffer in = memory.takeForRequests();
        try {
            lane = replies;
            Requests requests = new Requests(stream);
            boolean said =
                    new Transmission(requests, in.bytes(), session, replies, memory, inFlight)
                            .serve();
            rest = said || ending ? ENDING : GONE;
        } finally {
            inFlight.finish(rest);
            replies.close();
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
        Lane replies = lane;
        return replies == null
                ? now - sinceNanos > longestNanos
                : replies.isStuck(now, longestNanos);
    }

    @Override
    public boolean usesTls() {
        return roomForTls != null;
    }

    @Override
    public void rest() {
        Lane replies = lane;
        if (replies != null) {
            replies.rest();
        }
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

package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.frontend.nbd.Handshake.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;

/** One client, from its handshake to its end. */
final class Connection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final SocketChannel channel;
    private final Listener listener;
    private final Memory memory;
    private final ReplyWriter writer;
    private final long bornNanos = System.nanoTime();
    private volatile @Nullable Export export;

    Connection(SocketChannel channel, Listener listener, Memory memory) {
        this.channel = channel;
        this.listener = listener;
        this.memory = memory;
        this.writer = new ReplyWriter(channel);
    }

    @Override
    public void run() {
        try (channel) {
            Session session = new Handshake(channel, listener).negotiate();
            if (session != null) {
                export = session.export();
                LOG.debug("a client reads export '{}'", session.export().name());
                new Transmission(channel, session, memory, writer).serve();
            }
        } catch (ProtocolException e) {
            LOG.info("a client of {} is disconnected: {}", listener.address(), e.getMessage());
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

    boolean reads(Export candidate) {
        return export == candidate;
    }

    /** Whether it only occupies its place: it does not negotiate, or does not take its replies. */
    boolean isStuck(long nowNanos, long longestHandshakeNanos, long longestWriteNanos) {
        return export == null && nowNanos - bornNanos > longestHandshakeNanos
                || writer.isStuck(nowNanos, longestWriteNanos);
    }

    /** No further request is taken; what was asked for is answered if the client still listens. */
    void shutInput() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            LOG.debug("a connection was closed already: {}", e.getMessage());
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a connection could not be closed: {}", e.getMessage());
        }
    }
}

package org.netloop.frontend.nbd;

import org.netloop.frontend.nbd.Buffers.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Connection to one client inside TLS. One thread reads while others write, one at a time. Neither
 * waits for the other, but to answer a change of keys.
 */
final class TlsChannel implements ByteChannel {
    private static final Logger LOG = LoggerFactory.getLogger(TlsChannel.class);

    /** Length in bytes of the buffer that all others are cut from. */
    static final int MEMORY = 128 << 10;

    /** Room for the longest record of TLS 1.2 or 1.3, in bytes. */
    private static final int RECORD = 17 << 10;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final SocketChannel socket;
    private final SSLEngine engine;

    /** Encrypted, as it came; from position to limit. */
    private final ByteBuffer in;

    /** Decrypted, and not taken yet; from position to limit. */
    private final ByteBuffer plain;

    /** Encrypted, to be sent; whoever uses it holds the lock. */
    private final ByteBuffer out;

    private final ReentrantLock writing = new ReentrantLock();

    /**
     * @param memory of {@value #MEMORY} bytes; the caller takes it back when nobody uses this any
     *     more
     */
    TlsChannel(SocketChannel socket, SSLEngine engine, Buffer memory) {
        this.socket = socket;
        this.engine = engine;
        ByteBuffer all = memory.bytes();
        this.in = all.slice(0, RECORD).limit(0);
        this.plain = all.slice(RECORD, RECORD).limit(0);
        this.out = all.slice(2 * RECORD, MEMORY - 2 * RECORD);
    }

    /**
     * Agrees on keys, and checks the client's certificate if it has one. Nothing but TLS is taken
     * from now on.
     *
     * @throws ProtocolException if it fails; the client learns it by {@link #sayEnd}
     */
    void handshake() throws IOException {
        try {
            engine.beginHandshake();
            HandshakeStatus status = engine.getHandshakeStatus();
            while (status != HandshakeStatus.FINISHED
                    && status != HandshakeStatus.NOT_HANDSHAKING) {
                status = proceed(status);
            }
        } catch (SSLException e) {
            throw new ProtocolException(TlsFailures.sentence(e));
        }
    }

    private HandshakeStatus proceed(HandshakeStatus status) throws IOException {
        switch (status) {
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask();
                        task != null;
                        task = engine.getDelegatedTask()) {
                    task.run();
                }
                return engine.getHandshakeStatus();
            }
            case NEED_WRAP -> {
                return encrypt(NOTHING);
            }
            default -> {
                SSLEngineResult result = engine.unwrap(in, plain.clear());
                plain.flip();
                switch (result.getStatus()) {
                    case BUFFER_UNDERFLOW -> {
                        if (!fill()) {
                            throw new EOFException("the client went away during TLS");
                        }
                    }
                    case CLOSED -> throw new EOFException("the client ended TLS");
                    default -> {
                        // The status says what is next.
                    }
                }
                return result.getHandshakeStatus();
            }
        }
    }

    /** Returns the names that the client has proved; none if it has no certificate. */
    ClientNames client() {
        try {
            return engine.getSession().getPeerCertificates()[0] instanceof X509Certificate own
                    ? ClientNames.of(own)
                    : ClientNames.NONE;
        } catch (SSLPeerUnverifiedException _) {
            return ClientNames.NONE;
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        while (!plain.hasRemaining()) {
            boolean direct = into.remaining() >= RECORD;
            int count = decrypt(direct ? into : plain.clear());
            if (!direct) {
                plain.flip();
            }
            if (count < 0 || direct && count > 0) {
                return count;
            }
        }
        int count = Math.min(plain.remaining(), into.remaining());
        into.put(into.position(), plain, plain.position(), count);
        into.position(into.position() + count);
        plain.position(plain.position() + count);
        return count;
    }

    /** Number of bytes in the next record; -1 at the end. */
    private int decrypt(ByteBuffer into) throws IOException {
        SSLEngineResult result = engine.unwrap(in, into);
        switch (result.getStatus()) {
            case CLOSED -> {
                return -1;
            }
            case BUFFER_UNDERFLOW -> {
                return fill() ? 0 : -1;
            }
            case BUFFER_OVERFLOW -> throw new ProtocolException("a record of TLS is too long");
            case OK -> {
                switch (result.getHandshakeStatus()) {
                    // TLS 1.2 could change who the client is.
                    case NEED_TASK -> throw new ProtocolException("it negotiates TLS again");
                    case NEED_WRAP -> encrypt(NOTHING);
                    default -> {
                        // Nothing to answer.
                    }
                }
            }
        }
        return result.bytesProduced();
    }

    /** False if the stream has ended. */
    private boolean fill() throws IOException {
        in.compact();
        if (!in.hasRemaining()) {
            throw new ProtocolException("a record of TLS is too long");
        }
        int count = socket.read(in);
        in.flip();
        return count >= 0;
    }

    /** Writes all of it. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = from.remaining();
        while (from.hasRemaining()) {
            encrypt(from);
        }
        return count;
    }

    /** Sends as much as fits in one go. */
    private HandshakeStatus encrypt(ByteBuffer from) throws IOException {
        writing.lock();
        try {
            out.clear();
            SSLEngineResult result = engine.wrap(from, out);
            while (from.hasRemaining()
                    && result.bytesConsumed() > 0
                    && out.remaining() >= engine.getSession().getPacketBufferSize()) {
                result = engine.wrap(from, out);
            }
            if (result.getStatus() != SSLEngineResult.Status.OK
                    || from.hasRemaining() && result.bytesProduced() == 0) {
                throw new ClosedChannelException();
            }
            out.flip();
            while (out.hasRemaining()) {
                socket.write(out);
            }
            return result.getHandshakeStatus();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Tells the client that no more will come, or why it is refused, if there is room for that now.
     * Called by the last one who uses this.
     */
    void sayEnd() {
        try {
            socket.configureBlocking(false);
            engine.closeOutbound();
            SSLEngineResult result;
            do {
                result = engine.wrap(NOTHING, out.clear());
                socket.write(out.flip());
            } while (result.bytesProduced() > 0
                    && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
        } catch (IOException e) {
            LOG.debug("the end of TLS could not be told: {}", e.getMessage());
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    /** Ends the connection without notice. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}

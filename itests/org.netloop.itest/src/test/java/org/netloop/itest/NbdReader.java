package org.netloop.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection to an NBD export that reads here and there, without end, and compares all bytes
 * with the image. When the connection is lost it makes another one and asks again, as the kernel
 * and QEMU do; an error in a reply is an error.
 */
final class NbdReader implements AutoCloseable {
    private static final long MAGIC = 0x4e42444d41474943L;
    private static final long OPTION_MAGIC = 0x49484156454f5054L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int REPLY_MAGIC = 0x67446698;
    private static final int FIXED_NEWSTYLE_NO_ZEROES = 3;
    private static final int OPT_GO = 7;
    private static final int REP_ACK = 1;
    private static final int DISCONNECT = 2;
    private static final int[] LENGTHS = {4096, 65_536, 300_000};
    private static final long PAUSE_NANOS = 5_000_000;

    private final Path socket;
    private final String export;
    private final Path image;
    private final Random chance;
    private final Thread thread;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile @Nullable String fault;

    private @Nullable SocketChannel channel;
    private DataInputStream in = new DataInputStream(InputStream.nullInputStream());
    private DataOutputStream out = new DataOutputStream(OutputStream.nullOutputStream());

    /** Starts to read. */
    NbdReader(Path socket, String export, Path image, int seed) {
        this.socket = socket;
        this.export = export;
        this.image = image;
        this.chance = new Random(seed);
        this.thread = Thread.ofPlatform().name("reader-" + seed).start(this::run);
    }

    /** Returns the number of correct reads. */
    long reads() {
        return reads.get();
    }

    /** Returns the first fault; null if there is none. */
    @Nullable String fault() {
        return fault;
    }

    /** The longest that a read took since it was asked for the last time. */
    long longestNanos() {
        return longestNanos.getAndSet(0);
    }

    private void run() {
        try (FileChannel file = FileChannel.open(image)) {
            while (!ended.get()) {
                int length = LENGTHS[chance.nextInt(LENGTHS.length)];
                long offset = chance.nextLong((file.size() - length) / 512) * 512;
                ByteBuffer expected = ByteBuffer.allocate(length);
                file.read(expected, offset);
                long began = System.nanoTime();
                byte[] came = readAnyhow(offset, length);
                if (ended.get()) {
                    return;
                }
                long took = System.nanoTime() - began;
                longestNanos.accumulateAndGet(took, Math::max);
                if (!Arrays.equals(came, expected.array())) {
                    throw new IOException("wrong bytes at " + offset);
                }
                reads.incrementAndGet();
            }
        } catch (IOException | RuntimeException e) {
            fault = e.toString();
        } finally {
            disconnect();
        }
    }

    private byte[] readAnyhow(long offset, int length) throws IOException {
        while (!ended.get()) {
            try {
                if (channel == null) {
                    connect();
                }
                ask(0, offset, length);
                if (in.readInt() != REPLY_MAGIC) {
                    throw new AssertionError("a reply without its magic");
                }
                int error = in.readInt();
                in.readLong();
                if (error != 0) {
                    throw new IllegalStateException("error " + error + " at " + offset);
                }
                byte[] bytes = new byte[length];
                in.readFully(bytes);
                return bytes;
            } catch (IOException _) {
                // The frontend left, or is not there yet.
                disconnect();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return new byte[0];
    }

    private void ask(int type, long offset, int length) throws IOException {
        ByteBuffer request = ByteBuffer.allocate(28);
        request.putInt(REQUEST_MAGIC).putInt(type).putLong(1).putLong(offset).putInt(length);
        out.write(request.array());
        out.flush();
    }

    private void connect() throws IOException {
        SocketChannel fresh = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        channel = fresh;
        in = new DataInputStream(Channels.newInputStream(fresh));
        out = new DataOutputStream(Channels.newOutputStream(fresh));
        if (in.readLong() != MAGIC || in.readLong() != OPTION_MAGIC) {
            throw new IOException("not an NBD server");
        }
        in.readShort();
        byte[] name = export.getBytes(UTF_8);
        ByteBuffer go = ByteBuffer.allocate(4 + 16 + 6 + name.length);
        go.putInt(FIXED_NEWSTYLE_NO_ZEROES).putLong(OPTION_MAGIC).putInt(OPT_GO);
        go.putInt(6 + name.length).putInt(name.length).put(name).putShort((short) 0);
        out.write(go.array());
        out.flush();
        int type = 0;
        while (type != REP_ACK) {
            in.readLong();
            in.readInt();
            type = in.readInt();
            in.readNBytes(in.readInt());
            if (type < 0) {
                throw new IOException("refused");
            }
        }
    }

    private void disconnect() {
        try (SocketChannel old = channel) {
            channel = null;
            if (old != null && ended.get()) {
                ask(DISCONNECT, 0, 0);
            }
        } catch (IOException _) {
            // It is gone already.
        }
    }

    @Override
    public void close() throws InterruptedException, IOException {
        ended.set(true);
        thread.join(2000);
        SocketChannel old = channel;
        if (old != null) {
            old.close();
        }
        thread.join();
    }
}

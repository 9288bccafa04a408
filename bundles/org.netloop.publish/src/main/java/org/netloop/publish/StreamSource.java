package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Extent;
import org.netloop.api.transport.FetchException;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * An image that comes as a stream. A thread of its own reads it, so that whoever waits for the next
 * bytes can be interrupted though the stream cannot.
 */
final class StreamSource implements ImageSource {
    private static final int BUFFERS = 2;

    private final Opening opening;
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BUFFERS);
    private final BlockingQueue<Portion> full = new ArrayBlockingQueue<>(BUFFERS);
    private final Thread pump;
    private @Nullable Portion current;
    private int taken;
    private volatile boolean closed;

    /** Bytes in the order they came; fewer than the buffer has if they are the last. */
    private static final class Portion {
        final byte[] bytes;
        final int length;
        final @Nullable Throwable failure;

        Portion(byte[] bytes, int length, @Nullable Throwable failure) {
            this.bytes = bytes;
            this.length = length;
            this.failure = failure;
        }

        boolean isLast() {
            return length < bytes.length || failure != null;
        }
    }

    private StreamSource(Opening opening, int portionLength) {
        this.opening = opening;
        this.pump =
                Thread.ofPlatform().name("netloop-publish-stream").daemon().unstarted(this::pump);
        for (int i = 0; i < BUFFERS; i++) {
            empty.add(new byte[portionLength]);
        }
    }

    /** Opens the stream that is read, in the thread that reads it: it may have to wait as well. */
    @FunctionalInterface
    interface Opening {
        /** Opens the stream; the caller closes it at its end, or when giving up. */
        InputStream open() throws IOException;
    }

    /** Begins to read a stream. */
    static StreamSource open(Opening opening, int portionLength) {
        StreamSource source = new StreamSource(opening, portionLength);
        source.pump.start();
        return source;
    }

    private void pump() {
        try (InputStream stream = opening.open()) {
            Portion portion;
            do {
                portion = fill(stream, empty.take());
                full.put(portion);
            } while (!portion.isLast() && !closed);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // closed: nobody waits for more
        } catch (IOException | RuntimeException | Error e) {
            // Not opened: else it was told as a portion, and nobody waits for this one.
            boolean _ = full.offer(new Portion(new byte[0], 0, e));
        }
    }

    private static Portion fill(InputStream stream, byte[] bytes) {
        try {
            return new Portion(bytes, stream.readNBytes(bytes, 0, bytes.length), null);
        } catch (IOException | RuntimeException | Error e) {
            return new Portion(bytes, 0, e);
        }
    }

    @Override
    public long size() {
        return UNKNOWN;
    }

    @Override
    public Extent extent(long offset) {
        return new Extent(offset, Long.MAX_VALUE - offset, false);
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException, InterruptedException {
        int begin = into.position();
        while (into.hasRemaining()) {
            Portion portion = portion();
            int count = Math.min(into.remaining(), portion.length - taken);
            if (count == 0) {
                break;
            }
            into.put(portion.bytes, taken, count);
            taken += count;
        }
        return into.position() - begin;
    }

    /** The portion at hand, or the next one when that is used up and not the last. */
    private Portion portion() throws IOException, InterruptedException {
        Portion portion = current;
        if (portion != null && (portion.isLast() || taken < portion.length)) {
            return portion;
        }
        if (portion != null) {
            empty.put(portion.bytes);
        }
        portion = full.take();
        if (portion.failure != null) {
            throw failed(portion.failure);
        }
        current = portion;
        taken = 0;
        return portion;
    }

    private static IOException failed(Throwable why) {
        return switch (why) {
            case FetchException.Unsupported e ->
                    new FetchException.Unsupported(String.valueOf(e.getMessage()));
            case EOFException e ->
                    new IOException(
                            "the image's stream cannot be read on: it ends too early; it was cut"
                                    + " short, or is not complete yet",
                            e);
            case Throwable e ->
                    new IOException("the image's stream cannot be read on: " + e.getMessage(), e);
        };
    }

    @Override
    public void close() {
        closed = true;
        pump.interrupt();
    }
}

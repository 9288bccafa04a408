package org.netloop.codec.compress;

import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/**
 * A codec made of two streams. Thread-safe.
 *
 * <p>The libraries' streams take memory of their own (windows, tables), up to some MiB. As many
 * blocks as there are processors are worked on at a time: more would not be faster, and a hostile
 * mirror cannot multiply that memory by the number of readers.
 */
abstract class StreamCodec implements Codec {
    private static final int CHUNK = 16 << 10;
    private static final int HEADERS = 1024;
    private static final int LEAST_OVERHEAD_SHIFT = 6;

    private final String id;
    private final Levels levels;
    private final byte[] mark;
    private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors());

    StreamCodec(String id, Levels levels) {
        this(id, levels, new byte[0]);
    }

    /**
     * @param mark what each stored form begins with; empty if it could be anything
     */
    StreamCodec(String id, Levels levels, byte[] mark) {
        this.id = id;
        this.levels = levels;
        this.mark = mark;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final Levels levels() {
        return levels;
    }

    @Override
    public final boolean recognises(ByteBuffer stored) {
        return mark.length > 0
                && stored.remaining() > mark.length
                && stored.limit(stored.position() + mark.length).equals(ByteBuffer.wrap(mark));
    }

    /**
     * Returns a bound that holds for all of them: incompressible data is stored as it is, plus
     * headers.
     */
    @Override
    public final int maxEncodedLength(int plainLength) {
        return Math.addExact(plainLength, (plainLength >> LEAST_OVERHEAD_SHIFT) + HEADERS);
    }

    /**
     * A stream that writes the encoded form of what is written to it.
     *
     * @param plainLength how many bytes will be written
     */
    abstract OutputStream encoder(OutputStream stored, int plainLength, int level)
            throws IOException;

    /**
     * A stream that reads the plain form. Reads no byte of {@code stored} beyond its end.
     *
     * @param room the most bytes that will be read
     */
    abstract InputStream decoder(BufferInput stored, int room) throws IOException;

    @Override
    public final void encode(ByteBuffer plain, ByteBuffer stored, int level) throws CodecException {
        if (!levels.contains(level)) {
            throw new CodecException(
                    id + " has no level " + level + ": " + levels.min() + " to " + levels.max());
        }
        int length = plain.remaining();
        turns.acquireUninterruptibly();
        try (OutputStream out = encoder(new BufferOutput(stored), length, level)) {
            byte[] chunk = new byte[Math.min(CHUNK, length)];
            while (plain.hasRemaining()) {
                int count = Math.min(chunk.length, plain.remaining());
                plain.get(chunk, 0, count);
                out.write(chunk, 0, count);
            }
        } catch (CodecException e) {
            throw e;
        } catch (IOException e) {
            throw new CodecException(
                    id + " cannot encode " + length + " bytes: " + e.getMessage(), e);
        } finally {
            turns.release();
        }
    }

    @Override
    public final boolean decode(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        turns.acquireUninterruptibly();
        try (InputStream in = decoder(new BufferInput(stored), plain.remaining())) {
            return copy(in, plain);
        } catch (CodecException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The libraries answer some malformed input with unchecked exceptions.
            throw new CodecException("not a block of " + id + ": " + e.getMessage(), e);
        } finally {
            turns.release();
        }
    }

    /**
     * Asks for one byte more than there is room for, so that a bomb is known by its first one.
     *
     * @return whether the stream ended; else there is no more room
     */
    private boolean copy(InputStream in, ByteBuffer plain) throws IOException {
        byte[] chunk = new byte[Math.min(CHUNK, plain.remaining()) + 1];
        while (true) {
            int room = plain.remaining();
            int count = in.read(chunk, 0, Math.min(chunk.length, room + 1));
            if (count < 0) {
                return true;
            }
            if (count == 0) {
                throw new CodecException("the block of " + id + " ends early");
            }
            plain.put(chunk, 0, Math.min(count, room));
            if (count > room) {
                return false;
            }
        }
    }
}

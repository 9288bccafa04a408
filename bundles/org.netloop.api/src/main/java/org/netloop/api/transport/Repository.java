package org.netloop.api.transport;

import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A repository opened for publishing: objects by path, below one base URI. Called by many threads
 * at once. Paths have {@code /} between their parts and none at their start.
 *
 * <p>Whoever looks at a path sees the whole of an object or none of it, whenever the publisher
 * dies.
 */
@ConsumerType
public interface Repository extends AutoCloseable {

    /** The base URI. */
    URI base();

    /** The length of an object in bytes; empty if there is none of that path. */
    OptionalLong length(String path) throws IOException;

    /**
     * Reads a whole object.
     *
     * @param maxLength more than so many bytes are {@link FetchException.Corrupt}
     * @throws FetchException.Missing if there is none of that path
     */
    ByteBuffer read(String path, int maxLength) throws IOException;

    /**
     * Puts an object in place, replacing what was there: at once or not at all. It is durable only
     * after {@link #sync()}.
     *
     * @param bytes the remaining bytes; its position is undefined afterwards
     */
    void put(String path, ByteBuffer bytes, Kind kind) throws IOException;

    /**
     * Sees to it that an object whose path is made of its content is there, as {@link #put} does.
     *
     * <p>By default it is put whatever is there: who put it before may have died before it was
     * durable. Where all that can be seen is durable already, nothing need be sent for it.
     *
     * @param bytes the remaining bytes; its position is undefined afterwards
     * @return whether an object of that path and length was there before
     */
    default boolean putOnce(String path, ByteBuffer bytes) throws IOException {
        OptionalLong there = length(path);
        boolean present = there.isPresent() && there.getAsLong() == bytes.remaining();
        put(path, bytes, Kind.IMMUTABLE);
        return present;
    }

    /**
     * Begins to write an object of any length.
     *
     * @param path its path; empty for the base URI itself, which then names the object (an image
     *     that is one file): from then on nothing is put below it, but {@code ../} at the start of
     *     a path leads to what lies beside it
     * @throws FetchException.Unsupported if this transport puts whole objects only, which is the
     *     default
     */
    default ObjectWriter write(String path) throws IOException {
        throw new FetchException.Unsupported(
                "nothing can be written piece by piece to "
                        + base()
                        + ": write it to a file, and copy that there");
    }

    /** Returns when all that was put before, by any thread, survives a power cut. */
    void sync() throws IOException;

    /** The objects whose path begins with {@code prefix}, in any order; close the stream. */
    Stream<Entry> list(String prefix) throws IOException;

    /** Deletes an object; nothing happens if there is none of that path. */
    void delete(String path) throws IOException;

    /** Ends its use. What was put and not synced may get lost in a power cut. */
    @Override
    void close() throws IOException;

    /** How long a copy of an object may be kept by whoever is in between. */
    enum Kind {
        /** Named by its content: for ever. */
        IMMUTABLE,
        /** A channel: not without asking again. */
        MUTABLE
    }

    /**
     * An object of a listing.
     *
     * @param path its path
     * @param length its length in bytes
     */
    record Entry(String path, long length) {}
}

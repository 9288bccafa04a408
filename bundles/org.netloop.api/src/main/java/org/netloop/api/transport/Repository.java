package org.netloop.api.transport;

import org.netloop.api.block.Digest;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Repository opened for publishing: objects by path, below one base URI. Called by many threads at
 * once. The parts of a path are separated by {@code /}; a path does not start with one.
 *
 * <p>A reader of a path sees a whole object or none, whenever the publisher dies.
 */
@ConsumerType
public interface Repository extends AutoCloseable {

    /** Returns the base URI. */
    URI base();

    /** Returns the length of an object in bytes; empty if there is no object at that path. */
    OptionalLong length(String path) throws IOException;

    /**
     * Reads a whole object.
     *
     * @param maxLength longest object to read, in bytes; a longer one is {@link
     *     FetchException.Corrupt}
     * @return the bytes, read-only, from position 0 to the limit
     * @throws FetchException.Missing if there is no object at that path
     */
    ByteBuffer read(String path, int maxLength) throws IOException;

    /**
     * Stores an object, replacing any former one: atomically, as a whole or not at all. It is
     * durable only after {@link #sync()}.
     *
     * @param bytes the remaining bytes; its position is undefined afterwards
     */
    void put(String path, ByteBuffer bytes, Kind kind) throws IOException;

    /**
     * Stores an object whose path is derived from its content, unless it already exists. By default
     * an object counts as existing if its bytes, read back, are those given; it is stored again all
     * the same, because its former publisher may have died before it was durable. A transport that
     * can check more cheaply, or shows durable objects only, overrides this.
     *
     * <p>An object of that path with other bytes is replaced: its length proves nothing, because a
     * power cut or a failing disk keeps the length and changes the bytes.
     *
     * @param bytes the remaining bytes; its position is undefined afterwards
     * @param kind {@link Kind#BLOCK} or {@link Kind#DOCUMENT}
     * @return whether an object with exactly those bytes existed before
     */
    default boolean putOnce(String path, ByteBuffer bytes, Kind kind) throws IOException {
        boolean present = isThere(path, bytes);
        put(path, bytes, kind);
        return present;
    }

    private boolean isThere(String path, ByteBuffer bytes) throws IOException {
        OptionalLong length = length(path);
        if (length.isEmpty() || length.getAsLong() != bytes.remaining()) {
            return false;
        }
        try {
            return read(path, bytes.remaining()).equals(bytes);
        } catch (FetchException.Missing | FetchException.Corrupt _) {
            return false; // deleted or replaced since
        }
    }

    /**
     * Returns whether an object exists with all its bytes. By default they are read and digested; a
     * transport whose server keeps a digest of each object may ask for that instead.
     *
     * @param digest of the object's bytes
     * @param length the object's length in bytes
     * @return false if there is no object at that path, or if its bytes differ
     */
    default boolean holds(String path, Digest digest, int length) throws IOException {
        OptionalLong there = length(path);
        if (there.isEmpty() || there.getAsLong() != length) {
            return false;
        }
        try {
            return digest.matches(read(path, length));
        } catch (FetchException.Missing | FetchException.Corrupt _) {
            return false; // deleted or replaced since
        }
    }

    /**
     * Returns which of some objects are missing. By default each is checked separately; a transport
     * whose requests are slow may list them instead. Their bytes are not read.
     *
     * @param paths of at most some thousand objects
     * @return the missing ones, in any order
     */
    default List<String> missing(List<String> paths) throws IOException {
        List<String> missing = new ArrayList<>();
        for (String path : paths) {
            if (length(path).isEmpty()) {
                missing.add(path);
            }
        }
        return missing;
    }

    /**
     * Starts to write an object of any length.
     *
     * @param path its path; empty for the base URI itself, which then names the object (an image
     *     that is one file): from then on nothing is stored below it, but {@code ../} at the start
     *     of a path leads to the objects beside it
     * @throws FetchException.Unsupported if this transport stores whole objects only, which is the
     *     default
     */
    default ObjectWriter write(String path) throws IOException {
        throw new FetchException.Unsupported(
                "nothing can be written piece by piece to "
                        + base()
                        + ": write it to a file, and copy that there");
    }

    /**
     * Makes durable everything stored before, by any thread: returns once it survives a power cut.
     */
    void sync() throws IOException;

    /**
     * Returns whether an object is durable as soon as anybody sees it, so that one that is there is
     * whole. False by default: a power cut before {@link #sync()} may leave the path of an object
     * with other bytes.
     */
    default boolean showsDurableOnly() {
        return false;
    }

    /**
     * Returns the objects whose path starts with {@code prefix}, in any order; the caller closes
     * the stream.
     */
    Stream<Entry> list(String prefix) throws IOException;

    /** Deletes an object; does nothing if there is no object at that path. */
    void delete(String path) throws IOException;

    /** Ends its use. Objects stored since the last {@link #sync} may be lost in a power cut. */
    @Override
    void close() throws IOException;

    /**
     * Role of an object in the repository: it decides how the object is verified, and how long a
     * copy stays valid.
     */
    enum Kind {
        /**
         * A block, a part of an index, a pack: a document vouches for its digest. It never changes,
         * and a copy may be kept for ever.
         */
        BLOCK,
        /**
         * The root of an image, named by its content: nothing but a signature can vouch for it. It
         * never changes, and a copy may be kept for ever.
         */
        DOCUMENT,
        /**
         * An object whose bytes change under its name: a channel, a profile. A copy may not be used
         * without asking again.
         */
        POINTER
    }

    /**
     * An object of a listing.
     *
     * @param path its path
     * @param length its length in bytes
     * @param modified when it was last stored, by the clock of the server that stores it
     */
    record Entry(String path, long length, Instant modified) {}
}

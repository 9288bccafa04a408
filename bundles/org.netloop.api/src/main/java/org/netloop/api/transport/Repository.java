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
     * Puts an object whose path is made of its content, unless it is there already. By default an
     * object counts as there if its bytes, read back, are those given; it is then put all the same,
     * because who put it before may have died before it was durable. A transport that can tell more
     * cheaply, or shows durable objects only, overrides this.
     *
     * <p>An object of that path with other bytes is replaced: length alone is no proof, as a power
     * cut or a failing disk leaves the length and changes the bytes.
     *
     * @param bytes the remaining bytes; its position is undefined afterwards
     * @param kind {@link Kind#BLOCK} or {@link Kind#DOCUMENT}
     * @return whether an object of that path and with those very bytes was there before
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
     * Tells whether an object is there whole. By default its bytes are read and digested; a
     * transport whose server vouches for a digest of what it stores may ask for that instead.
     *
     * @param digest of the object's bytes
     * @param length how many bytes it has
     * @return false if there is none of that path, or it has other bytes
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
     * Says which of some objects are not there. By default each is asked for by itself; a transport
     * whose requests are slow may list them instead. Their bytes are not looked at.
     *
     * @param paths of some thousand objects at the most
     * @return those of them that are missing, in any order
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

    /** What an object is to the repository: who vouches for it, and how long a copy is good. */
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
     * @param modified when it was last put, by the clock of whoever stores it
     */
    record Entry(String path, long length, Instant modified) {}
}

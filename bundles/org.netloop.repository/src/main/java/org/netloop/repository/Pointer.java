package org.netloop.repository;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.Catalog.Channel;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.api.trust.Statement;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A channel as it was at one moment, with the statement that vouches for it. It is taken before its
 * image is copied and put afterwards: a publisher may move it in between.
 *
 * @param channel its meaning
 * @param document its bytes
 * @param statement the bytes of its statement; null if it is not signed
 */
record Pointer(Channel channel, ByteBuffer document, @Nullable ByteBuffer statement) {
    /** An index of the paper's format is its channel; of 16 TiB it has some mebibytes. */
    private static final int MAX_LENGTH = 8 << 20;

    private static final int ATTEMPTS = 5;

    /**
     * Takes a channel from a repository.
     *
     * @throws FetchException.Missing if there is no such channel
     * @throws IOException if it is moved again and again meanwhile
     */
    static Pointer take(Repository source, Catalog catalog, String name) throws IOException {
        String path = catalog.channelPath(name);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ByteBuffer statement = statement(source, path);
            ByteBuffer document = source.read(path, MAX_LENGTH);
            Channel channel = catalog.channel(name).orElse(null);
            if (channel != null
                    && document.equals(source.read(path, MAX_LENGTH))
                    && (statement == null || holds(statement, document))) {
                return new Pointer(channel, document, statement);
            }
        }
        throw new IOException(
                "channel "
                        + name
                        + " of "
                        + source.base()
                        + " and its signature do not belong together: sign it again with 'netloop"
                        + " sign', or run this again when it is no longer moved");
    }

    /** Reads the statement of an object; null if it is not signed. */
    static @Nullable ByteBuffer statement(Repository source, String path) throws IOException {
        try {
            return source.read(
                    Statement.pathOf(path), Statement.MAX_CONTENT + Statement.MAX_ENVELOPE);
        } catch (FetchException.Missing _) {
            return null;
        }
    }

    /** A statement of a pointer contains the bytes of the pointer as they are. */
    private static boolean holds(ByteBuffer statement, ByteBuffer document) {
        return text(statement).contains(text(document));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }

    /** Puts it into another repository, durably. */
    void put(Repository destination, String path) throws IOException {
        if (statement != null) {
            destination.put(Statement.pathOf(path), statement.duplicate(), Kind.POINTER);
        }
        destination.put(path, document.duplicate(), Kind.POINTER);
        destination.sync();
    }
}

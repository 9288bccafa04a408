package org.netloop.engine.fetch;

import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.trust.FileChunks;
import org.netloop.api.trust.Statement;

import java.net.URI;
import java.nio.ByteBuffer;

/**
 * Verifies the ranges of one file against the chunks of its signed statement: whole chunks are
 * fetched, and only what was asked for is passed on. Immutable.
 *
 * @param path of the file, as it is fetched
 * @param statement signed, of a file
 */
public record Seal(String path, Statement statement) {

    /** The whole chunks that a range lies in. */
    private record Chunks(long offset, int length) {}

    /** Returns whether the wanted object is a range of the file. */
    boolean covers(Wanted wanted) {
        return wanted.path().equals(path);
    }

    private Chunks around(long offset, long length) throws FetchException {
        long chunk = statement.chunk();
        long end = Math.min(statement.length(), offset + length);
        if (offset >= end) {
            throw new FetchException.Corrupt(
                    "byte " + offset + " is behind the end of the signed file");
        }
        long first = offset / chunk * chunk;
        long last = Math.min(statement.length(), (end + chunk - 1) / chunk * chunk);
        if (last - first > Integer.MAX_VALUE) {
            throw new FetchException.Corrupt("a range of " + length + " bytes is too long");
        }
        return new Chunks(first, (int) (last - first));
    }

    /**
     * Fetches the chunks of what is wanted, and passes that on; its check is given only bytes that
     * were verified.
     */
    void fetch(Errand errand, Retry next) throws FetchException, InterruptedException {
        Wanted wanted = errand.wanted();
        ByteBuffer into = errand.into();
        long asked =
                wanted.length() == FetchRequest.TO_END
                        ? into.remaining()
                        : Math.min(wanted.length(), into.remaining());
        Chunks chunks = around(wanted.offset(), asked);
        ByteBuffer all = ByteBuffer.allocate(chunks.length());
        int begin = (int) (wanted.offset() - chunks.offset());
        int length = (int) Math.min(asked, chunks.length() - (long) begin);
        Check verified =
                (bytes, from, object) -> {
                    verify(chunks, bytes, from);
                    errand.check()
                            .accept(bytes.slice(bytes.position() + begin, length), from, object);
                };
        next.fetch(
                errand.widened(
                        new Wanted(path, chunks.offset(), chunks.length(), wanted.purpose()),
                        all,
                        verified));
        into.put(all.flip().slice(begin, length));
    }

    private void verify(Chunks chunks, ByteBuffer bytes, URI from) throws FetchException.Corrupt {
        if (bytes.remaining() != chunks.length()) {
            throw new FetchException.Corrupt(
                    from + " has " + bytes.remaining() + " of " + chunks.length() + " bytes");
        }
        for (int at = 0; at < chunks.length(); at += statement.chunk()) {
            long number = (chunks.offset() + at) / statement.chunk();
            int length = Math.min(statement.chunk(), chunks.length() - at);
            if (!FileChunks.matches(
                    statement.content(), number, bytes.slice(bytes.position() + at, length))) {
                throw new FetchException.Corrupt(
                        from
                                + " has other bytes at "
                                + (chunks.offset() + at)
                                + " than those that were signed");
            }
        }
    }
}

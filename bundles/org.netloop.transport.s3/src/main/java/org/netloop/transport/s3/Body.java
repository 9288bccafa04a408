package org.netloop.transport.s3;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;

import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

import java.io.EOFException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes an object, or a part of it, to where it is wanted; whether it is the right part and fits is
 * judged by the answer's head, before any byte is taken. Used once.
 */
final class Body implements ResponseTransformer<GetObjectResponse, Fetched> {
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");
    private static final int STEP = 64 << 10;

    private final Location location;
    private final long offset;
    private final long length;
    private final Sink sink;
    private final long asked = System.nanoTime();
    private volatile boolean begun;

    Body(Location location, long offset, long length, Sink sink) {
        this.location = location;
        this.offset = offset;
        this.length = length;
        this.sink = sink;
    }

    /** Whether the whole object is asked for. */
    private boolean isWhole() {
        return offset == 0 && length == FetchRequest.TO_END;
    }

    /** What to ask for; null for the whole object. */
    @Nullable String range() {
        if (isWhole()) {
            return null;
        }
        return "bytes=" + offset + "-" + (length < 0 ? "" : String.valueOf(offset + length - 1));
    }

    /** Whether an answer has begun. */
    boolean hasBegun() {
        return begun;
    }

    @Override
    public Fetched transform(GetObjectResponse head, AbortableInputStream in)
            throws FetchException {
        long latency = System.nanoTime() - asked;
        begun = true;
        sink.rewind(); // of what an attempt before this one brought
        boolean complete = false;
        try {
            Long said = head.contentLength();
            long announced = said == null || said < 0 ? Fetched.UNKNOWN : said;
            long total = isWhole() ? announced : totalOfPart(head.contentRange(), announced);
            if (announced > sink.room()) {
                throw tooLong(announced);
            }
            copy(in, announced);
            complete = true;
            return new Fetched(total, head.eTag(), latency);
        } finally {
            if (!complete) {
                // Closing would read the rest of it, which may never end.
                in.abort();
            }
        }
    }

    private void copy(AbortableInputStream in, long announced) throws FetchException {
        byte[] step = new byte[announced < 0 ? STEP : Math.clamp(announced, 1, STEP)];
        try {
            for (int count = in.read(step); count >= 0; count = in.read(step)) {
                if (!sink.accept(step, count)) {
                    throw tooLong(sink.received() + (long) count);
                }
            }
            if (announced >= 0 && sink.received() != announced) {
                throw new EOFException("it ended");
            }
        } catch (FetchException e) {
            throw e;
        } catch (IOException e) {
            // The SDK repeats what is thrown as this, where it may repeat anything.
            throw RetryableException.create(
                    "the connection broke",
                    new IOException(
                            "the connection broke after "
                                    + sink.received()
                                    + (announced < 0 ? "" : " of " + announced)
                                    + " bytes ("
                                    + e.getMessage()
                                    + ")",
                            e));
        }
    }

    private FetchException tooLong(long bytes) {
        return new FetchException.Corrupt(
                location
                        + " has "
                        + bytes
                        + " bytes or more where at most "
                        + (sink.received() + sink.room())
                        + " belong");
    }

    /** The object may end before the part does; nothing else may end it. */
    private long totalOfPart(@Nullable String said, long announced) throws FetchException.Corrupt {
        Matcher range = CONTENT_RANGE.matcher(said == null ? "" : said);
        if (range.matches()) {
            long first = Long.parseLong(range.group(1));
            long last = Long.parseLong(range.group(2));
            long total = Long.parseLong(range.group(3));
            long end = length < 0 ? total : Math.min(total, offset + length);
            if (first == offset
                    && last == end - 1
                    && last >= first
                    && (announced < 0 || announced == end - first)) {
                return total;
            }
        }
        throw new FetchException.Corrupt(
                location + ": range '" + said + "' came where " + range() + " was asked for");
    }
}

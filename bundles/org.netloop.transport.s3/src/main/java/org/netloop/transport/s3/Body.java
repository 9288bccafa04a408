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

/**
 * Takes an object, or a part of it, to where it is wanted; whether it is the right part and fits is
 * judged by the answer's head, before any byte is taken. Used once.
 */
final class Body implements ResponseTransformer<GetObjectResponse, Fetched> {
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

    /** Returns whether the whole object is requested. */
    private boolean isWhole() {
        return offset == 0 && length == FetchRequest.TO_END;
    }

    /** Returns the value of the Range header; null for the whole object. */
    @Nullable String range() {
        if (isWhole()) {
            return null;
        }
        return Claims.asked(offset, length);
    }

    /** Returns whether an answer has begun to arrive. */
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
            Claims.Expected expected = Claims.of(location, head, offset, length);
            if (expected.length() > sink.room()) {
                throw tooLong(expected.length());
            }
            copy(in, expected.length());
            complete = true;
            return new Fetched(expected.total(), head.eTag()).after(latency);
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
}

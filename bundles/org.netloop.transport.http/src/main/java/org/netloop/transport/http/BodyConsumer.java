package org.netloop.transport.http;

import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes a body straight to the caller's buffer; gives up as soon as there is more than belongs
 * there.
 */
final class BodyConsumer extends AbstractBinResponseConsumer<Answer> {
    /**
     * The body of an answer without the object is read to its end, so that the connection may be
     * used again.
     */
    private static final int LONGEST_REFUSAL = 64 << 10;

    private static final int CAPACITY = 256 << 10;

    private final Target target;

    /** Bytes of a whole object that come before the part that was asked for. */
    private long skip;

    private final long wanted;
    private final long offset;
    private int ignored;
    private @Nullable Answer answer;

    /**
     * @param offset the first byte wanted
     * @param wanted how many; -1 for all
     */
    BodyConsumer(Target target, long offset, long wanted) {
        this.target = target;
        this.offset = offset;
        this.wanted = wanted;
    }

    /** More came than there is room for. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException(String message) {
            super(message);
        }
    }

    @Override
    protected void start(HttpResponse response, @Nullable ContentType type) throws IOException {
        String length = header(response, "Content-Length");
        Answer begun =
                new Answer(
                        response.getCode(),
                        header(response, "Location"),
                        header(response, "Retry-After"),
                        header(response, "Content-Encoding"),
                        header(response, "Content-Range"),
                        length == null ? -1 : parse(length),
                        header(response, "ETag"));
        answer = begun;
        if (begun.hasObject()) {
            skip = begun.status() == Answer.OK ? offset : 0;
            long useful = begun.contentLength() - skip;
            if (wanted < 0 && useful > target.room()) {
                throw new TooLongException(
                        "it has " + useful + " bytes where at most " + target.room() + " belong");
            }
        }
    }

    private static long parse(String length) {
        try {
            return Long.parseLong(length.strip());
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    private static @Nullable String header(HttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    @Override
    protected int capacityIncrement() {
        return CAPACITY;
    }

    @Override
    protected void data(ByteBuffer bytes, boolean endOfStream) throws IOException {
        Answer begun = answer;
        if (begun == null || !begun.hasObject()) {
            ignored += bytes.remaining();
            bytes.position(bytes.limit());
            if (ignored > LONGEST_REFUSAL) {
                throw new TooLongException(
                        "its refusal is longer than " + LONGEST_REFUSAL + " bytes");
            }
            return;
        }
        if (skip > 0) {
            int skipped = (int) Math.min(skip, bytes.remaining());
            bytes.position(bytes.position() + skipped);
            skip -= skipped;
        }
        keep(bytes, begun);
    }

    private void keep(ByteBuffer bytes, Answer begun) throws IOException {
        if (wanted >= 0 && begun.status() == Answer.OK) {
            // The server sends the whole object although a part was asked for: the rest is not for
            // us.
            long left = wanted - target.received();
            if (bytes.remaining() > left) {
                bytes.limit(bytes.position() + (int) left);
            }
        }
        if (!target.accept(bytes)) {
            throw new TooLongException(
                    "more bytes come than the "
                            + (target.received() + target.room())
                            + " that belong");
        }
    }

    @Override
    protected Answer buildResult() {
        Answer complete = answer;
        if (complete == null) {
            throw new IllegalStateException("an answer without a head");
        }
        return complete;
    }

    @Override
    public void releaseResources() {
        // The buffer is the caller's.
    }
}

package org.netloop.transport.http;

import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStreamResetException;
import org.jspecify.annotations.Nullable;
import org.netloop.transport.http.Part.MismatchException;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes a body straight to the caller's buffer; gives up as soon as there is more than belongs
 * there.
 */
final class BodyConsumer extends AbstractBinResponseConsumer<Answer> {
    /**
     * What nobody wants, a refusal's page or what comes after the wanted part, is read so far, so
     * that the connection may be used again.
     */
    private static final int MOST_DROPPED = 64 << 10;

    private static final int CAPACITY = 256 << 10;

    private final Target target;
    private final Part part;

    /** Bytes of a whole object that come before the part that was asked for. */
    private long skip;

    private int dropped;
    private @Nullable Answer answer;

    BodyConsumer(Target target, Part part) {
        this.target = target;
        this.part = part;
    }

    /** All that is wanted has come; what is still coming is not worth its time. */
    static final class EnoughException extends HttpStreamResetException {
        private static final long serialVersionUID = 1L;
        private final transient Answer answer;

        EnoughException(Answer answer) {
            super("the rest is not wanted");
            this.answer = answer;
        }

        Answer answer() {
            return answer;
        }
    }

    @Override
    protected void start(HttpResponse response, @Nullable ContentType type) throws IOException {
        target.answered();
        String length = header(response, "Content-Length");
        Answer begun =
                new Answer(
                        response.getCode(),
                        header(response, "Location"),
                        header(response, "Retry-After"),
                        header(response, "Content-Encoding"),
                        header(response, "Content-Range"),
                        length == null ? -1 : parse(length),
                        validator(header(response, "ETag"), header(response, "Last-Modified")));
        answer = begun;
        if (begun.hasObject()) {
            skip = part.skipped(begun, target.room());
        }
    }

    /** A weak ETag may stay as it is though the bytes change (RFC 9110, 8.8.1): the time helps. */
    private static @Nullable String validator(@Nullable String tag, @Nullable String modified) {
        if (tag == null) {
            return modified;
        }
        return tag.startsWith("W/") && modified != null ? tag + " " + modified : tag;
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
        Answer begun = begun();
        if (begun.hasObject()) {
            int skipped = (int) Math.min(skip, bytes.remaining());
            bytes.position(bytes.position() + skipped);
            skip -= skipped;
            keep(bytes, begun);
        }
        dropped += bytes.remaining();
        bytes.position(bytes.limit());
        if (dropped > MOST_DROPPED) {
            throw new EnoughException(begun);
        }
        if (endOfStream && begun.hasObject() && skip > 0) {
            throw new MismatchException("it ends " + skip + " bytes before the wanted ones");
        }
    }

    /** A server without ranges sends on after the wanted part: that is left in {@code bytes}. */
    private void keep(ByteBuffer bytes, Answer begun) throws MismatchException {
        int limit = bytes.limit();
        if (begun.status() == Answer.OK && part.length() >= 0) {
            long left = part.length() - target.received();
            bytes.limit(bytes.position() + (int) Math.min(left, bytes.remaining()));
        }
        if (!target.accept(bytes)) {
            throw new MismatchException(
                    "more bytes come than the "
                            + (target.received() + target.room())
                            + " that belong");
        }
        bytes.limit(limit);
    }

    @Override
    protected Answer buildResult() {
        return begun();
    }

    private Answer begun() {
        Answer begun = answer;
        if (begun == null) {
            throw new IllegalStateException("a body without a head");
        }
        return begun;
    }

    @Override
    public void releaseResources() {
        // The buffer is the caller's.
    }
}

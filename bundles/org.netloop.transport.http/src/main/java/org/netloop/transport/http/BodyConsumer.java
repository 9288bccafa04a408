package org.netloop.transport.http;

import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStreamResetException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import org.netloop.api.index.KnownContainer;
import org.netloop.api.transport.Fetched;
import org.netloop.transport.http.Claims.MismatchException;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes a body straight to the caller's buffer; gives up as soon as there is more than belongs
 * there.
 */
final class BodyConsumer extends AbstractBinResponseConsumer<Answer> {
    /**
     * Most bytes of an unwanted body, such as an error page or the rest after the wanted part, that
     * are read so that the connection can be reused.
     */
    private static final int MOST_DROPPED = 64 << 10;

    private static final int CAPACITY = 256 << 10;

    /**
     * Most interim answers (100, 102, 103) before the answer. Nothing else would end a stream of
     * them, and the thread that reads them serves other mirrors too.
     */
    private static final int MOST_INTERIM = 32;

    private final Target target;
    private final Part part;

    /** Bytes of a whole object that come before the part that was asked for. */
    private long skip;

    private int dropped;
    private int interim;

    /** Bytes of the body, up to now. */
    private long came;

    private Claims.Body body = Claims.Body.UNKNOWN;
    private @Nullable Answer answer;

    /** Fault of the head, which counts unless a page comes; null if there is none. */
    private @Nullable MismatchException unlessPage;

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
    public void informationResponse(HttpResponse response, HttpContext context)
            throws ProtocolException {
        if (++interim > MOST_INTERIM) {
            throw new ProtocolException(
                    "more than " + MOST_INTERIM + " interim answers come, and no answer");
        }
    }

    @Override
    protected void start(HttpResponse response, @Nullable ContentType type) throws IOException {
        target.answered();
        Answer begun = Answer.of(response);
        answer = begun;
        if (begun.hasObject()) {
            judge(begun);
        }
    }

    /** The length of a page is no news: its first bytes are waited for. */
    private void judge(Answer begun) throws MismatchException {
        try {
            body = Claims.of(begun, part, target.room());
            skip = body.skipped();
        } catch (MismatchException e) {
            if (!Claims.mayBePage(begun)) {
                throw e;
            }
            unlessPage = e;
        }
    }

    @Override
    protected int capacityIncrement() {
        return CAPACITY;
    }

    @Override
    protected void data(ByteBuffer bytes, boolean endOfStream) throws IOException {
        Answer begun = begun();
        if (came == 0 && Claims.mayBePage(begun)) {
            refusePage(bytes);
        }
        came += bytes.remaining();
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
        if (endOfStream && begun.hasObject()) {
            ended();
        }
    }

    private void refusePage(ByteBuffer begin) throws IOException {
        if (KnownContainer.HTML.begins(begin)) {
            throw new Claims.PageException();
        }
        if (unlessPage != null) {
            throw unlessPage;
        }
    }

    /**
     * Compares the received bytes with the headers: with chunks, or over HTTP/2, nothing else does.
     */
    private void ended() throws MismatchException {
        if (body.length() != Fetched.UNKNOWN && came != body.length()) {
            throw new MismatchException(came + " bytes came where its head says " + body.length());
        }
        if (skip > 0) {
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

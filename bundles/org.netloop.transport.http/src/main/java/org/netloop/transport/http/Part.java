package org.netloop.transport.http;

import org.apache.hc.core5.http.HttpStreamResetException;
import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What part of an object is wanted, and whether an answer gives it: judged by the answer's head,
 * before any byte of the body is taken (RFC 9110, 14.4 and 15.3.7).
 *
 * @param offset the first byte wanted
 * @param length how many bytes are wanted; {@link FetchRequest#TO_END} for all to the end
 */
record Part(long offset, long length) {
    /**
     * A server without ranges sends the whole object. So many bytes before the wanted ones are let
     * go by; beyond that, reading them is no use to anybody.
     */
    static final long MOST_SKIPPED = 4 << 20;

    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

    /** The answer is not the one to the question; of an HTTP/2 connection only its stream ends. */
    static final class MismatchException extends HttpStreamResetException {
        private static final long serialVersionUID = 1L;

        MismatchException(String message) {
            super(message);
        }
    }

    static Part of(FetchRequest request) {
        return new Part(request.offset(), request.length());
    }

    /** The header {@code Range}; null for the whole object. */
    @Nullable String range() {
        if (offset == 0 && length < 0) {
            return null;
        }
        return "bytes=" + offset + "-" + (length < 0 ? "" : String.valueOf(offset + length - 1));
    }

    /**
     * How many bytes of the body come before the wanted ones.
     *
     * @param room how many bytes may be taken
     * @throws MismatchException if the answer does not give this part
     */
    long skipped(Answer answer, int room) throws MismatchException {
        String coding = answer.contentEncoding();
        if (coding != null && !coding.isBlank() && !coding.equalsIgnoreCase("identity")) {
            throw new MismatchException(
                    "it comes coded as " + coding + " although it was asked for as it is");
        }
        return answer.status() == Answer.PARTIAL ? partial(answer, room) : whole(answer, room);
    }

    private long partial(Answer answer, int room) throws MismatchException {
        String said = answer.contentRange() == null ? "" : answer.contentRange();
        Matcher range = CONTENT_RANGE.matcher(said);
        if (range() == null || !range.matches() || !fits(range, answer.contentLength())) {
            throw new MismatchException(
                    "range '" + said + "' came where " + (range() == null ? "all" : range()));
        }
        long count = Long.parseLong(range.group(2)) - offset + 1;
        if (count > room) {
            throw tooLong(count, room);
        }
        return 0;
    }

    /** The object may end before the part does; nothing else may end it. */
    private boolean fits(Matcher range, long bodyLength) {
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        long total = total(range);
        boolean toItsEnd = total < 0 || last == total - 1;
        return first == offset
                && last >= first
                && (total < 0 || last < total)
                && (length < 0 ? toItsEnd : last <= offset + length - 1)
                && (last == offset + length - 1 || toItsEnd)
                && (bodyLength < 0 || bodyLength == last - first + 1);
    }

    private long whole(Answer answer, int room) throws MismatchException {
        long present = answer.contentLength();
        if (present >= 0 && offset > 0 && present <= offset) {
            throw new MismatchException(
                    "it has " + present + " bytes where byte " + offset + " is wanted");
        }
        if (offset > MOST_SKIPPED) {
            throw new MismatchException(
                    "the server knows no ranges, and byte " + offset + " is too far in");
        }
        long useful = length < 0 ? present - offset : Math.min(length, present - offset);
        if (useful > room) {
            throw tooLong(useful, room);
        }
        return offset;
    }

    private static MismatchException tooLong(long bytes, int room) {
        return new MismatchException(
                "it has " + bytes + " bytes where at most " + room + " belong");
    }

    /** The length of the whole object, by an answer that gives this part. */
    static long totalLength(Answer answer) {
        if (answer.status() != Answer.PARTIAL) {
            return answer.contentLength() < 0 ? Fetched.UNKNOWN : answer.contentLength();
        }
        Matcher range = CONTENT_RANGE.matcher(String.valueOf(answer.contentRange()));
        return range.matches() ? total(range) : Fetched.UNKNOWN;
    }

    private static long total(Matcher range) {
        String total = range.group(3);
        return total == null || total.equals("*") ? Fetched.UNKNOWN : Long.parseLong(total);
    }
}

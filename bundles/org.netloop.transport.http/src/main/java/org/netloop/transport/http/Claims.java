package org.netloop.transport.http;

import org.apache.hc.core5.http.HttpStreamResetException;
import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.Fetched;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Consistency checks of an answer, against itself and against the request: the one place that
 * compares status, Range, Content-Range, Content-Length, Content-Encoding, Content-Type and
 * Transfer-Encoding. It is judged by the answer's head, before any byte of the body is taken; the
 * bytes are held against the {@link Body} that follows from it.
 *
 * <p>An answer is refused rather than understood in the better of two ways: a cache on the way that
 * mixes up answers does so without any other sign.
 */
final class Claims {
    /**
     * A server without ranges sends the whole object. So many bytes before the wanted ones are let
     * go by; beyond that, reading them is no use to anybody.
     */
    static final long MOST_SKIPPED = 4 << 20;

    private static final long UNKNOWN = Fetched.UNKNOWN;

    private Claims() {}

    /** The answer is not the one to the question; of an HTTP/2 connection only its stream ends. */
    static final class MismatchException extends HttpStreamResetException {
        private static final long serialVersionUID = 1L;

        MismatchException(String message) {
            super(message);
        }
    }

    /** A page for browsers came, which is no answer of a mirror. */
    static final class PageException extends HttpStreamResetException {
        private static final long serialVersionUID = 1L;

        PageException() {
            super(
                    "an HTML page comes instead of the object: the address is wrong, or the network"
                            + " wants a login first");
        }
    }

    /** Returns whether the answer says that it is a page; that of a server may say so of all. */
    static boolean mayBePage(Answer answer) {
        String type = answer.header("content-type");
        return answer.status() == Answer.OK
                && type != null
                && type.toLowerCase(Locale.ROOT).contains("html");
    }

    /**
     * Expected body: bytes to skip, then bytes to take.
     *
     * @param skipped how many of its bytes come before the wanted ones
     * @param length how many bytes it has in all; {@link Fetched#UNKNOWN} if that is not said
     */
    record Body(long skipped, long length) {
        static final Body UNKNOWN = new Body(0, Fetched.UNKNOWN);
    }

    /**
     * Returns the body expected of an answer that carries an object.
     *
     * @param room how many bytes may be taken
     * @throws MismatchException if the answer contradicts itself or does not give the part
     */
    static Body of(Answer answer, Part part, int room) throws MismatchException {
        String coding = answer.header("content-encoding");
        if (coding != null && !coding.isBlank() && !coding.equalsIgnoreCase("identity")) {
            throw new MismatchException(
                    "it arrived with the encoding " + coding + " although none was requested");
        }
        long announced = announced(answer);
        return answer.status() == Answer.PARTIAL
                ? partial(answer, announced, part, room)
                : whole(answer, announced, part, room);
    }

    /** The length of the body as its head says it. */
    private static long announced(Answer answer) throws MismatchException {
        String said = answer.header("content-length");
        if (said == null) {
            return UNKNOWN;
        }
        if (answer.header("transfer-encoding") != null) {
            throw new MismatchException(
                    "it says both Content-Length "
                            + said
                            + " and Transfer-Encoding "
                            + answer.header("transfer-encoding"));
        }
        String[] lengths = said.split(",", -1);
        for (String length : lengths) {
            if (!length.strip().matches("[0-9]{1,18}")
                    || !length.strip().equals(lengths[0].strip())) {
                throw new MismatchException("its Content-Length is '" + said + "'");
            }
        }
        return Long.parseLong(lengths[0].strip());
    }

    private static Body partial(Answer answer, long announced, Part part, int room)
            throws MismatchException {
        String type = answer.header("content-type");
        if (type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/")) {
            throw new MismatchException(
                    "several parts come (" + type + ") where one was asked for");
        }
        String said = Objects.requireNonNullElse(answer.header("content-range"), "");
        ContentRange range = ContentRange.parse(said).orElse(null);
        if (part.range() == null || range == null || !gives(range, part)) {
            throw new MismatchException(
                    "status 206 comes with "
                            + (said.isEmpty() ? "no Content-Range" : "Content-Range '" + said + "'")
                            + " where "
                            + (part.range() == null ? "the whole was" : part.range() + " was")
                            + " asked for");
        }
        if (announced != UNKNOWN && announced != range.length()) {
            throw new MismatchException(
                    "Content-Range '" + said + "' comes with Content-Length " + announced);
        }
        if (range.length() > room) {
            throw tooLong(range.length(), room);
        }
        return new Body(0, range.length());
    }

    /**
     * The object may end before the part does, if it says so; nothing else may end it. A total of
     * {@code *} does not say so.
     */
    private static boolean gives(ContentRange range, Part part) {
        boolean toItsEnd = range.total() != UNKNOWN && range.last() == range.total() - 1;
        boolean toPartsEnd = part.length() >= 0 && range.last() == part.last();
        boolean notBeyond = part.length() < 0 || range.last() <= part.last();
        return range.first() == part.offset() && notBeyond && (toItsEnd || toPartsEnd);
    }

    private static Body whole(Answer answer, long announced, Part part, int room)
            throws MismatchException {
        String said = answer.header("content-range");
        if (said != null) {
            Optional<ContentRange> range = ContentRange.parse(said).filter(ContentRange::isWhole);
            if (range.isEmpty() || (announced != UNKNOWN && announced != range.get().total())) {
                throw new MismatchException(
                        "status 200 says that the whole comes, and Content-Range '"
                                + said
                                + "' that it does not");
            }
            return body(range.get().total(), part, room);
        }
        return body(announced, part, room);
    }

    private static Body body(long present, Part part, int room) throws MismatchException {
        long offset = part.offset();
        if (present >= 0 && offset > 0 && present <= offset) {
            throw new MismatchException(
                    "it has " + present + " bytes where byte " + offset + " is wanted");
        }
        if (offset > MOST_SKIPPED) {
            throw new MismatchException(
                    "the server knows no ranges, and byte " + offset + " is too far in");
        }
        long useful =
                part.length() < 0 ? present - offset : Math.min(part.length(), present - offset);
        if (useful > room) {
            throw tooLong(useful, room);
        }
        return new Body(offset, present);
    }

    private static MismatchException tooLong(long bytes, int room) {
        return new MismatchException(
                "it has " + bytes + " bytes where at most " + room + " belong");
    }

    /** Describes an answer that refuses a range, which may contradict itself too. */
    static String refusedRange(Answer answer, Part part) {
        long total = total(answer.header("content-range"));
        if (part.range() == null) {
            return "it refuses a range where the whole was asked for";
        }
        if (total > part.offset()) {
            return "it refuses "
                    + part.range()
                    + " of an object that has, as it says, "
                    + total
                    + " bytes";
        }
        return "it is shorter than the index says"
                + (total == UNKNOWN ? "" : ": it has " + total + " bytes");
    }

    /** Returns the length of the whole object in bytes, from an answer that passed the checks. */
    static long totalLength(Answer answer) {
        String range = answer.header("content-range");
        String length = answer.header("content-length");
        if (answer.status() == Answer.PARTIAL || range != null) {
            return total(range);
        }
        return length == null ? UNKNOWN : Long.parseLong(length.split(",", 2)[0].strip());
    }

    private static long total(@Nullable String contentRange) {
        return contentRange == null
                ? UNKNOWN
                : ContentRange.parse(contentRange).map(ContentRange::total).orElse(UNKNOWN);
    }
}

package org.netloop.transport.s3;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException.Corrupt;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;

import software.amazon.awssdk.services.s3.model.GetObjectResponse;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Consistency checks of an answer, against itself and against the request: the one place that
 * compares status, Content-Range, Content-Length and Content-Encoding with each other and with the
 * requested part. What does not go together is refused, not understood in the better of two ways.
 */
final class Claims {
    private static final int PARTIAL = 206;

    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    /**
     * Content encodings that leave the bytes unchanged; servers report {@code aws-chunked} although
     * the bytes are as they were uploaded.
     */
    private static final Set<String> AS_IT_IS = Set.of("", "identity", "aws-chunked");

    private Claims() {}

    /**
     * Expected body.
     *
     * @param length how many bytes it has; {@link Fetched#UNKNOWN} if that is not said
     * @param total how many bytes the whole object has; {@link Fetched#UNKNOWN} if it is not said
     */
    record Expected(long length, long total) {}

    /**
     * Returns the body expected of an answer.
     *
     * @param offset the first byte asked for
     * @param length how many were asked for; {@link FetchRequest#TO_END} for all to the end
     * @throws Corrupt if the answer contradicts itself, or is not the one that was asked for
     */
    static Expected of(Location location, GetObjectResponse head, long offset, long length)
            throws Corrupt {
        String coding = head.contentEncoding() == null ? "" : head.contentEncoding().strip();
        if (!AS_IT_IS.contains(coding)) {
            throw new Corrupt(
                    location
                            + " arrived with the encoding "
                            + coding
                            + " although none was requested");
        }
        long announced =
                head.contentLength() == null || head.contentLength() < 0
                        ? Fetched.UNKNOWN
                        : head.contentLength();
        String range = head.contentRange();
        boolean whole = offset == 0 && length == FetchRequest.TO_END;
        Integer status =
                head.sdkHttpResponse() == null ? null : head.sdkHttpResponse().statusCode();
        boolean statusFits = status == null || (status == PARTIAL) != whole;
        if (whole && statusFits && range == null) {
            return new Expected(announced, announced);
        }
        Expected part = whole || !statusFits ? null : part(range, announced, offset, length);
        if (part == null) {
            throw new Corrupt(
                    location
                            + ": "
                            + (status == null ? "" : "status " + status + " with ")
                            + "range '"
                            + range
                            + "' and length "
                            + announced
                            + " came where "
                            + (whole ? "all" : asked(offset, length))
                            + " was asked for");
        }
        return part;
    }

    /** The object may end before the part does; nothing else may end it. Null if it does. */
    private static @Nullable Expected part(
            @Nullable String said, long announced, long offset, long length) {
        Matcher range = CONTENT_RANGE.matcher(said == null ? "" : said);
        if (!range.matches()) {
            return null;
        }
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        long total = Long.parseLong(range.group(3));
        long end = length < 0 ? total : Math.min(total, offset + length);
        boolean fits =
                first == offset
                        && last == end - 1
                        && last >= first
                        && (announced < 0 || announced == end - first);
        return fits ? new Expected(end - first, total) : null;
    }

    /** The header {@code Range} of a part. */
    static String asked(long offset, long length) {
        return "bytes=" + offset + "-" + (length < 0 ? "" : String.valueOf(offset + length - 1));
    }
}

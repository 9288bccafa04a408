package org.netloop.gateway.http;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Range of an object, as a client asks for it (RFC 9110, section 14).
 *
 * @param from offset of the first byte
 * @param length number of bytes; 0 if no byte of the object is in it
 */
record ByteRange(int from, int length) {
    /** Single range of bytes; several are answered with the whole, as the RFC allows. */
    private static final Pattern FORM = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /**
     * Reads the header of a request.
     *
     * @param header its value; null if there is none
     * @param total length of the object in bytes
     * @return null if the whole object is to be sent
     */
    static @Nullable ByteRange of(@Nullable String header, int total) {
        Matcher form = FORM.matcher(header == null ? "" : header);
        if (!form.matches() || form.group(1).isEmpty() && form.group(2).isEmpty()) {
            return null;
        }
        if (form.group(1).isEmpty()) {
            int last = (int) Math.min(total, Long.parseLong(form.group(2)));
            return new ByteRange(total - last, last);
        }
        long from = Long.parseLong(form.group(1));
        long end = form.group(2).isEmpty() ? total : Long.parseLong(form.group(2)) + 1;
        if (end <= from && from < total) {
            return null;
        }
        return from >= total
                ? new ByteRange(0, 0)
                : new ByteRange((int) from, (int) (Math.min(end, total) - from));
    }

    /** Returns the value of the header of an answer. */
    String of(int total) {
        return length == 0
                ? "bytes */" + total
                : "bytes " + from + "-" + (from + length - 1) + "/" + total;
    }
}

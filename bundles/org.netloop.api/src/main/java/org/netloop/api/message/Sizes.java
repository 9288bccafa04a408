package org.netloop.api.message;

import java.util.Locale;

/** Writes sizes in bytes with binary suffixes, for people. */
public final class Sizes {
    private static final String SUFFIXES = "KMGTP";
    private static final int STEP = 10;

    private Sizes() {}

    /** Returns a size as people read it: {@code 1.2 GiB}. */
    public static String human(long bytes) {
        if (bytes < 1 << STEP) {
            return bytes + " B";
        }
        int power = (63 - Long.numberOfLeadingZeros(bytes)) / STEP;
        return String.format(
                Locale.ROOT,
                "%.1f %siB",
                bytes / (double) (1L << (power * STEP)),
                SUFFIXES.charAt(power - 1));
    }
}

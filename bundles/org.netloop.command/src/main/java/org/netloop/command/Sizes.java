package org.netloop.command;

import picocli.CommandLine;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes in bytes as people write them: {@code 262144}, {@code 256K}, {@code 20G}. Suffixes are
 * binary.
 */
final class Sizes {
    private static final String SUFFIXES = "KMGTP";
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([KMGTP]?)(i?B)?");
    private static final int STEP = 10;

    private Sizes() {}

    /** Reads a size on a command line. */
    static final class Converter implements CommandLine.ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            Matcher matcher = SIZE.matcher(value);
            if (!matcher.matches()) {
                throw new CommandLine.TypeConversionException(
                        "'"
                                + value
                                + "' is no size: a number of bytes, or with a suffix of K, M, G, T"
                                + " or P");
            }
            String suffix = matcher.group(2);
            int shift = suffix.isEmpty() ? 0 : STEP * (1 + SUFFIXES.indexOf(suffix));
            long number = Long.parseLong(matcher.group(1));
            if (number > Long.MAX_VALUE >> shift) {
                throw new CommandLine.TypeConversionException("'" + value + "' is too large");
            }
            return number << shift;
        }
    }

    /** A size for people: {@code 1.2 GiB}. */
    static String human(long bytes) {
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

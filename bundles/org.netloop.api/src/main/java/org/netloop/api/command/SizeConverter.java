package org.netloop.api.command;

import picocli.CommandLine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads sizes in bytes as people write them: {@code 262144}, {@code 256K}, {@code 20G}. Suffixes
 * are binary. For an option or parameter of a command whose type is {@code long}: {@code converter
 * = SizeConverter.class}.
 */
public final class SizeConverter implements CommandLine.ITypeConverter<Long> {
    private static final String SUFFIXES = "KMGTP";
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([KMGTP]?)(i?B)?");
    private static final int STEP = 10;

    /** Created by picocli. */
    public SizeConverter() {}

    /**
     * Returns the number of bytes, at least 0.
     *
     * @throws CommandLine.TypeConversionException if it is not a size, or more than {@link
     *     Long#MAX_VALUE}
     */
    @Override
    public Long convert(String value) {
        Matcher matcher = SIZE.matcher(value);
        if (!matcher.matches()) {
            throw new CommandLine.TypeConversionException(
                    "'"
                            + value
                            + "' is not a size: a number of bytes, or with a suffix of K, M, G, T"
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

package org.netloop.api.profile;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Ordered list of the byte ranges that a workload reads of an image, in the order of first use. In
 * bytes of the image, so that it does not depend on how the image is cut into blocks. Immutable.
 *
 * @param image the image it was recorded on, or carried over to
 * @param name what it is called: 1 to 64 of {@code A-Za-z0-9._-}, a letter or digit first
 * @param entries in the order of reading; at most {@value #MAX_ENTRIES}
 * @param packOrNull where the stored blocks lie one after the other; null if nowhere
 */
public record Profile(Digest image, String name, List<Entry> entries, @Nullable Pack packOrNull) {

    /** The profile that is followed when none is named. */
    public static final String BOOT = "boot";

    /** More entries than this have no use. */
    public static final int MAX_ENTRIES = 1_000_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** Checks the name and the number of entries, and copies the list. */
    public Profile {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "'"
                            + name
                            + "' is not a valid profile name: 1 to 64 of A-Z a-z 0-9 . _ -, a letter or"
                            + " digit first");
        }
        if (entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "a profile of " + entries.size() + " entries has more than " + MAX_ENTRIES);
        }
        entries = List.copyOf(entries);
    }

    /** Returns whether a name is valid for a profile. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns the total length of its entries in bytes; one that occurs twice counts twice. */
    public long bytes() {
        return entries.stream().mapToLong(Entry::length).sum();
    }

    /**
     * Returns the pack in which the stored blocks lie one after the other; empty if there is none.
     */
    public Optional<Pack> pack() {
        return Optional.ofNullable(packOrNull);
    }

    /**
     * A range that was read.
     *
     * @param offset its first byte within the image
     * @param length how many bytes it has, at least 1
     * @param afterMillis how long after the begin of the recording it was read first, in
     *     milliseconds
     */
    public record Entry(long offset, long length, long afterMillis) {

        /** Checks the ranges. */
        public Entry {
            if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length || afterMillis < 0) {
                throw new IllegalArgumentException(
                        "entry of "
                                + length
                                + " bytes at "
                                + offset
                                + " after "
                                + afterMillis
                                + " ms");
            }
        }

        /** Returns the offset of the first byte after it. */
        public long end() {
            return offset + length;
        }
    }
}

package org.netloop.api.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * Name of the part that an {@link AtomicFile} is written into: {@code .NAME.netloop-}, 32 random
 * hexadecimal digits, and 8 that check them and the whole name of the target. A file of another
 * program with a similar name is therefore not taken for a part, nor is the part of a target with a
 * similar name. Stateless.
 */
final class PartName {
    private static final String MARK = ".netloop-";
    private static final int RANDOM_DIGITS = 32;
    private static final int CHECK_DIGITS = 8;

    /** A part's name is longer than its target's, and a name has 255 bytes at the most. */
    private static final int LONGEST_PREFIX = 60;

    private PartName() {}

    /** Returns a new part of that target, beside it. */
    static Path fresh(Path target) {
        String random = UUID.randomUUID().toString().replace("-", "");
        return target.resolveSibling(prefix(target) + random + check(target, random));
    }

    /** Returns whether a file beside the target is named like a part of it. */
    static boolean isOf(Path target, Path file) {
        String name = FileTarget.name(file);
        String prefix = prefix(target);
        if (!name.startsWith(prefix)
                || name.length() != prefix.length() + RANDOM_DIGITS + CHECK_DIGITS) {
            return false;
        }
        int checked = prefix.length() + RANDOM_DIGITS;
        String random = name.substring(prefix.length(), checked);
        return name.substring(checked).equals(check(target, random));
    }

    private static String prefix(Path target) {
        String name = FileTarget.name(target);
        return "." + name.substring(0, Math.min(LONGEST_PREFIX, name.length())) + MARK;
    }

    private static String check(Path target, String random) {
        CRC32 check = new CRC32();
        check.update((FileTarget.name(target) + "\n" + random).getBytes(UTF_8));
        return String.format("%08x", check.getValue());
    }
}

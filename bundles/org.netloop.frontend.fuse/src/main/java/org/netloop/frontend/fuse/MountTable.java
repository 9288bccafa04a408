package org.netloop.frontend.fuse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is mounted where, as {@code /proc/self/mountinfo} says it: {@code id parent major:minor root
 * place options [tags] - type source options}, with what is not printable as three octal digits.
 *
 * @param entries in the order they were mounted
 */
record MountTable(List<Entry> entries) {
    private static final Pattern SPACE = Pattern.compile(" ");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");
    private static final int PLACE = 4;
    private static final int EIGHT = 8;
    private static final String END_OF_TAGS = " - ";

    /**
     * One mount.
     *
     * @param place where
     * @param type of the file system: {@code fuse.netloop}
     */
    record Entry(Path place, String type) {
        boolean isFuse() {
            return type.equals("fuse") || type.startsWith("fuse.") || type.equals("fuseblk");
        }
    }

    static MountTable read() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    }

    static MountTable parse(List<String> lines) {
        return new MountTable(lines.stream().map(MountTable::entry).toList());
    }

    private static Entry entry(String line) {
        String place = SPACE.split(line)[PLACE];
        String rest = line.substring(line.indexOf(END_OF_TAGS) + END_OF_TAGS.length());
        String plain =
                OCTAL.matcher(place)
                        .replaceAll(
                                code ->
                                        String.valueOf(
                                                (char) Integer.parseInt(code.group(1), EIGHT)));
        return new Entry(Path.of(plain), SPACE.split(rest)[0]);
    }

    /** The mount that is seen at a place; null if it is not the root of one. */
    @Nullable Entry at(Path place) {
        return entries.reversed().stream()
                .filter(entry -> entry.place().equals(place))
                .findFirst()
                .orElse(null);
    }
}

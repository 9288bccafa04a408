package org.netloop.api.mount;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Mounts listed in {@code /proc/self/mountinfo}: {@code id parent major:minor root place options
 * [tags] - type source options}, with unprintable characters as three octal digits.
 *
 * <p>Immutable.
 *
 * @param entries in the order they were mounted
 */
public record MountTable(List<Entry> entries) {
    private static final Pattern SPACE = Pattern.compile(" ");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");
    private static final int DEVICE = 2;
    private static final int PLACE = 4;
    private static final int EIGHT = 8;
    private static final String END_OF_TAGS = " - ";

    /**
     * One mount.
     *
     * @param place where
     * @param type of the file system: {@code fuse.netloop}
     * @param device the number of its file system, as {@code major:minor}
     * @param source what is mounted, by the words of who did: {@code /dev/loop0}
     */
    public record Entry(Path place, String type, String device, String source) {
        /** Returns whether it is served by FUSE. */
        public boolean isFuse() {
            return type.equals("fuse") || type.startsWith("fuse.") || type.equals("fuseblk");
        }
    }

    /**
     * Reads the mounts that this process sees.
     *
     * @throws IOException if there is no {@code /proc}
     */
    public static MountTable read() throws IOException {
        return parse(Files.readAllBytes(Path.of("/proc/self/mountinfo")));
    }

    /**
     * Mounts of others may have names in any encoding; those that no path can name are left out.
     */
    static MountTable parse(byte[] text) {
        Stream<String> lines = new String(text, StandardCharsets.UTF_8).lines();
        return new MountTable(lines.flatMap(line -> entry(line).stream()).toList());
    }

    private static Optional<Entry> entry(String line) {
        String[] columns = SPACE.split(line);
        String place = columns[PLACE];
        String rest = line.substring(line.indexOf(END_OF_TAGS) + END_OF_TAGS.length());
        String plain =
                OCTAL.matcher(place)
                        .replaceAll(
                                code ->
                                        String.valueOf(
                                                (char) Integer.parseInt(code.group(1), EIGHT)));
        String[] ends = SPACE.split(rest);
        try {
            return Optional.of(new Entry(Path.of(plain), ends[0], columns[DEVICE], ends[1]));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /** Returns the mount that is seen at a place; null if it is not the root of one. */
    public @Nullable Entry at(Path place) {
        return entries.reversed().stream()
                .filter(entry -> entry.place().equals(place))
                .findFirst()
                .orElse(null);
    }
}

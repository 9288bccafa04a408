package org.netloop.api.mount;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.AttachmentSpec;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The options that every frontend has that shows volumes as files. Immutable.
 *
 * @param name of its file, without {@code .img}
 * @param others whether other users may see the mount
 * @param fileSystem whether and how the file system of the image is mounted beside the file; null
 *     if it is not
 */
public record MountOptions(String name, boolean others, FileSystems.@Nullable Wish fileSystem) {
    /** End of the name of an image's file. */
    public static final String IMAGE = ".img";

    /** End of the name of a volume's status. */
    public static final String STATUS = ".status";

    private static final String NAME = "name";
    private static final String LOOP = "loop";
    private static final String PARTITION = "partition";
    private static final String NOEXEC = "noexec";
    private static final String ALLOW_OTHER = "allow_other";
    private static final Set<String> ALL = Set.of(NAME, LOOP, PARTITION, NOEXEC, ALLOW_OTHER);

    /**
     * Parses the configured options.
     *
     * @param volume the volume's name, which the file has unless told otherwise; {@code root.img}
     *     is not shown as {@code root.img.img}
     * @param more the frontend's own options
     * @throws IOException if one is unknown or has a value that it cannot have
     */
    public static MountOptions of(AttachmentSpec spec, String volume, Set<String> more)
            throws IOException {
        Set<String> known = new HashSet<>(ALL);
        known.addAll(more);
        Map<String, String> options = spec.only(known).options();
        String told = options.getOrDefault(NAME, volume);
        String name =
                told.endsWith(IMAGE) ? told.substring(0, told.length() - IMAGE.length()) : told;
        if (!name.matches("[A-Za-z0-9._-]{1,64}") || name.startsWith(".")) {
            throw new IOException(
                    "'" + name + "' is not a valid file name: 1 to 64 of A-Z a-z 0-9 . _ -");
        }
        OptionalInt partition = partition(options.get(PARTITION));
        boolean noexec = flag(options, NOEXEC);
        boolean loop = flag(options, LOOP);
        if (!loop && (noexec || partition.isPresent())) {
            throw new IOException("the options partition and noexec need loop=true");
        }
        return new MountOptions(
                name,
                flag(options, ALLOW_OTHER),
                loop ? new FileSystems.Wish(partition, noexec, false) : null);
    }

    private static OptionalInt partition(@Nullable String number) throws IOException {
        if (number == null) {
            return OptionalInt.empty();
        }
        if (!number.matches("[1-9][0-9]{0,3}")) {
            throw new IOException("option partition: '" + number + "' is not a number from 1");
        }
        return OptionalInt.of(Integer.parseInt(number));
    }

    /**
     * Returns an option that is true or false; false if it is not set.
     *
     * @throws IOException if it is something else
     */
    public static boolean flag(Map<String, String> options, String name) throws IOException {
        return switch (options.getOrDefault(name, "false")) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IOException(
                            "option "
                                    + name
                                    + ": '"
                                    + options.get(name)
                                    + "' is neither true nor false");
        };
    }
}

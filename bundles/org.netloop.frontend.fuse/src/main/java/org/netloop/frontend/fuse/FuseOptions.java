package org.netloop.frontend.fuse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * The options of an attachment.
 *
 * @param name of its file, without {@code .img}
 * @param others whether other users may see the mount
 * @param fileSystem whether and how the file system of the image is mounted beside the file; null
 *     if it is not
 */
record FuseOptions(String name, boolean others, FileSystems.@Nullable Wish fileSystem) {
    private static final String NAME = "name";
    private static final String LOOP = "loop";
    private static final String PARTITION = "partition";
    private static final String NOEXEC = "noexec";
    private static final String ALLOW_OTHER = "allow_other";
    private static final Set<String> ALL =
            new TreeSet<>(Set.of(NAME, LOOP, PARTITION, NOEXEC, ALLOW_OTHER));

    /**
     * As they are configured.
     *
     * @param volume the volume's name, which the file has unless told otherwise
     * @throws IOException if one is unknown or has a value that it cannot have
     */
    static FuseOptions of(Map<String, String> options, String volume) throws IOException {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(ALL);
        if (!unknown.isEmpty()) {
            throw new IOException("the fuse frontend has no option " + unknown + ": use " + ALL);
        }
        String name = options.getOrDefault(NAME, volume);
        if (!name.matches("[A-Za-z0-9._-]{1,64}") || name.startsWith(".")) {
            throw new IOException(
                    "'" + name + "' is no name of a file: 1 to 64 of A-Z a-z 0-9 . _ -");
        }
        OptionalInt partition = partition(options.get(PARTITION));
        boolean noexec = flag(options, NOEXEC);
        boolean loop = flag(options, LOOP);
        if (!loop && (noexec || partition.isPresent())) {
            throw new IOException("the options partition and noexec need loop=true");
        }
        return new FuseOptions(
                name,
                flag(options, ALLOW_OTHER),
                loop ? new FileSystems.Wish(partition, noexec) : null);
    }

    private static OptionalInt partition(@Nullable String number) throws IOException {
        if (number == null) {
            return OptionalInt.empty();
        }
        if (!number.matches("[1-9][0-9]{0,3}")) {
            throw new IOException("option partition: '" + number + "' is no number from 1 on");
        }
        return OptionalInt.of(Integer.parseInt(number));
    }

    private static boolean flag(Map<String, String> options, String name) throws IOException {
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

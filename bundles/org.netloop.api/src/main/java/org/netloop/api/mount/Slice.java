package org.netloop.api.mount;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A part of a disk image that may hold a file system: a partition, or all of it.
 *
 * @param number of the partition; 0 for the whole image
 * @param offset where it begins, in bytes
 * @param length in bytes, a multiple of 512
 */
record Slice(int number, long offset, long length) {
    static final int SECTOR = 512;

    private static final Pattern SPACE = Pattern.compile(" +");
    private static final int COLUMNS = 3;
    private static final String NO_TABLE = "failed to read partition table";

    /** All of an image, but for what is no whole sector at its end: a block device has none. */
    static Slice whole(long size) {
        return new Slice(0, 0, size / SECTOR * SECTOR);
    }

    /** The partitions of an image, in order; empty if it has no table that is understood. */
    static List<Slice> partitions(Path image, long size) throws IOException {
        String table;
        try {
            table =
                    Tool.run(
                            "partx",
                            "--noheadings",
                            "--raw",
                            "--output",
                            "NR,START,SECTORS",
                            image.toString());
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains(NO_TABLE)) {
                return List.of();
            }
            throw e;
        }
        return parse(table, size);
    }

    /**
     * Parses the output of {@code partx --raw}.
     *
     * @param size of the image: what a table says to lie beyond it is left out
     */
    static List<Slice> parse(String table, long size) {
        List<Slice> all = new ArrayList<>();
        for (String line : table.lines().toList()) {
            String[] columns = SPACE.split(line.strip());
            if (columns.length == COLUMNS) {
                long offset = Long.parseLong(columns[1]) * SECTOR;
                long length = Long.parseLong(columns[2]) * SECTOR;
                if (length > 0 && offset < size) {
                    all.add(
                            new Slice(
                                    Integer.parseInt(columns[0]),
                                    offset,
                                    Math.min(length, (size - offset) / SECTOR * SECTOR)));
                }
            }
        }
        return all;
    }

    /** Returns its name in messages. */
    String name() {
        return number == 0 ? "the image" : "partition " + number;
    }
}

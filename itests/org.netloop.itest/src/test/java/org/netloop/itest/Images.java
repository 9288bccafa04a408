package org.netloop.itest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A tree of real files and images of it, made once for all tests of a run. The system property
 * {@code netloop.itest.tree} names a larger tree, {@code /usr} for instance.
 */
final class Images {
    private static final Path NULL = Path.of("/dev/null");
    private static final long MEBI = 1 << 20;

    private Images() {}

    private static Program.Ended tool(String... command) throws IOException, InterruptedException {
        return Program.start(Shared.home(), NULL, Map.of(), command).end().well();
    }

    /** The tree that the images are made of. */
    static Path tree() throws IOException, InterruptedException {
        String asked = System.getProperty("netloop.itest.tree", "");
        if (!asked.isEmpty()) {
            return Path.of(asked).toRealPath();
        }
        return Shared.once("tree", Images::makeTree);
    }

    private static void makeTree(Path tree) throws IOException, InterruptedException {
        Files.createDirectories(tree);
        for (Path part : parts()) {
            tool("cp", "-a", part.toString(), tree.toString());
        }
        tool("ln", "-s", "/nowhere", tree.resolve("dangling").toString());
    }

    /**
     * Returns the directories that belong to the interpreter itself: other packages put no files
     * there.
     */
    private static List<Path> parts() throws IOException {
        List<Path> parts = new ArrayList<>();
        parts.add(Path.of("/usr/share/perl"));
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(Path.of("/usr/lib"), "{git-core,python3.*}")) {
            found.forEach(parts::add);
        }
        parts.removeIf(part -> !Files.isDirectory(part));
        return parts;
    }

    /** An image of the tree: ext4, xfs, btrfs, squashfs or erofs. */
    static Path of(String fileSystem) throws IOException, InterruptedException {
        String tree = tree().toString();
        return Shared.once(fileSystem + ".img", image -> make(fileSystem, image, tree));
    }

    /** An ext4 image of 64 MiB, with a part of the tree. */
    static Path small() throws IOException, InterruptedException {
        String part = tree().resolve("perl").toString();
        return Shared.once(
                "small.img",
                image -> {
                    blank(image, 64 * MEBI);
                    tool("mkfs.ext4", "-q", "-F", "-d", part, image.toString());
                });
    }

    private static void make(String fileSystem, Path image, String tree)
            throws IOException, InterruptedException {
        String file = image.toString();
        switch (fileSystem) {
            case "ext4" -> {
                blank(image, roomFor(tree));
                tool("mkfs.ext4", "-q", "-F", "-d", tree, file);
            }
            case "btrfs" -> {
                blank(image, roomFor(tree) + 512 * MEBI);
                tool("mkfs.btrfs", "-q", "-f", "--rootdir", tree, file);
            }
            case "squashfs" ->
                    tool("mksquashfs", tree, file, "-quiet", "-no-progress", "-comp", "lz4");
            case "erofs" -> tool("mkfs.erofs", "--quiet", file, tree);
            case "xfs" -> {
                blank(image, roomFor(tree) + 512 * MEBI);
                tool("mkfs.xfs", "-q", "-f", file);
                fill(image, tree);
            }
            default -> throw new IllegalArgumentException(fileSystem);
        }
    }

    private static void fill(Path image, String tree) throws IOException, InterruptedException {
        Path at = Files.createDirectory(image.resolveSibling("fill"));
        tool("mount", "-o", "loop", image.toString(), at.toString());
        try {
            tool("cp", "-a", tree + "/.", at.toString());
        } finally {
            tool("umount", at.toString());
            Files.delete(at);
        }
    }

    private static long roomFor(String tree) throws IOException, InterruptedException {
        String used = tool("du", "-sm", tree).out().split("\t")[0];
        return Long.parseLong(used) * MEBI * 5 / 4 + 64 * MEBI;
    }

    static void blank(Path file, long size) throws IOException {
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(size);
        }
    }

    /** Bytes that do not compress, no two blocks the same, and a hole of a quarter at the end. */
    static Path random(int mebibytes) throws IOException, InterruptedException {
        return Shared.once("random-" + mebibytes + ".img", image -> makeRandom(mebibytes, image));
    }

    private static void makeRandom(int mebibytes, Path image) throws IOException {
        Random random = new Random(mebibytes);
        byte[] piece = new byte[(int) MEBI];
        try (RandomAccessFile made = new RandomAccessFile(image.toFile(), "rw")) {
            for (int i = 0; i < mebibytes * 3 / 4; i++) {
                random.nextBytes(piece);
                made.write(piece);
            }
            made.setLength(mebibytes * MEBI);
        }
    }
}

package org.netloop.itest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
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

    private static final Path HOME = makeHome();

    private Images() {}

    private static Path makeHome() {
        try {
            Path made = Files.createTempDirectory("netloop-itest-images");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(made)));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        try {
            new ProcessBuilder("rm", "-rf", directory.toString()).inheritIO().start().waitFor();
        } catch (IOException | InterruptedException e) {
            System.err.println(directory + " is left behind: " + e);
        }
    }

    private static Program.Ended tool(String... command) throws IOException, InterruptedException {
        return Program.start(HOME, NULL, Map.of(), command).end().well();
    }

    /** A place for what outlives a test: archives of the virtual machine. */
    static Path home() {
        return HOME;
    }

    /** The tree that the images are made of. */
    static synchronized Path tree() throws IOException, InterruptedException {
        String asked = System.getProperty("netloop.itest.tree", "");
        if (!asked.isEmpty()) {
            return Path.of(asked).toRealPath();
        }
        Path tree = HOME.resolve("tree");
        if (!Files.exists(tree)) {
            Files.createDirectories(tree);
            for (Path part : parts()) {
                tool("cp", "-a", part.toString(), tree.toString());
            }
            tool("ln", "-s", "/nowhere", tree.resolve("dangling").toString());
        }
        return tree;
    }

    /** What belongs to an interpreter itself: other packages put no files there. */
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
    static synchronized Path of(String fileSystem) throws IOException, InterruptedException {
        Path image = HOME.resolve(fileSystem + ".img");
        if (!Files.exists(image)) {
            make(fileSystem, image, tree().toString());
        }
        return image;
    }

    /** An ext4 image of 64 MiB, with a part of the tree. */
    static synchronized Path small() throws IOException, InterruptedException {
        Path image = HOME.resolve("small.img");
        if (!Files.exists(image)) {
            blank(image, 64 * MEBI);
            String part = tree().resolve("perl").toString();
            tool("mkfs.ext4", "-q", "-F", "-d", part, image.toString());
        }
        return image;
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
        Path at = Files.createDirectory(HOME.resolve("fill"));
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
    static synchronized Path random(int mebibytes) throws IOException {
        Path image = HOME.resolve("random-" + mebibytes + ".img");
        if (!Files.exists(image)) {
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
        return image;
    }
}

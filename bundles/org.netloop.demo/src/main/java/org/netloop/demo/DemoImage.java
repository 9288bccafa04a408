package org.netloop.demo;

import org.netloop.api.message.Sizes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A small image with recognisable files: an ext4 file system where the tool to make one is there,
 * else the files' bytes alone.
 *
 * @param file the image
 * @param tree the files it was made of
 * @param hasFileSystem whether it can be mounted
 */
record DemoImage(Path file, Path tree, boolean hasFileSystem) {
    private static final long SIZE = 32 << 20;
    private static final int LINES = 20_000;
    private static final List<Path> TOOL_DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));

    static DemoImage make(Path work) throws IOException, InterruptedException {
        Path tree = Files.createDirectory(work.resolve("tree"));
        Files.writeString(
                tree.resolve("HELLO.txt"),
                "These bytes came in blocks over HTTP, when they were read.\n");
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < LINES; line++) {
            text.append("line ")
                    .append(line)
                    .append(" of a file that need not be downloaded completely\n");
        }
        Files.writeString(tree.resolve("long.txt"), text);
        Path file = work.resolve("demo.img");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(SIZE);
        }
        Optional<Path> tool = tool("mke2fs");
        if (tool.isPresent() && makeFileSystem(tool.get(), tree, file)) {
            return new DemoImage(file, tree, true);
        }
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.write(Files.readAllBytes(tree.resolve("HELLO.txt")));
            raw.seek(SIZE / 2);
            raw.write(Files.readAllBytes(tree.resolve("long.txt")));
        }
        return new DemoImage(file, tree, false);
    }

    private static boolean makeFileSystem(Path tool, Path tree, Path file)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                tool.toString(),
                                "-q",
                                "-F",
                                "-t",
                                "ext4",
                                "-d",
                                tree.toString(),
                                file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private static Optional<Path> tool(String name) {
        return TOOL_DIRECTORIES.stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns whether this process may attach loop devices. */
    static boolean canLoop() {
        return Files.isWritable(Path.of("/dev/loop-control"))
                && "root".equals(System.getProperty("user.name"));
    }

    String description() {
        return hasFileSystem
                ? "an ext4 file system of two files"
                : "the bytes of two files (mke2fs is not installed)";
    }

    /** Prints the files of its mounted file system, and checks them. */
    void show(Path mounted) throws IOException {
        try (Stream<Path> files = Files.list(mounted)) {
            for (Path path : files.filter(Files::isRegularFile).sorted().toList()) {
                boolean same = Files.mismatch(path, tree.resolve(path.getFileName())) < 0;
                System.out.printf(
                        "   %s  %s  %s%n",
                        path, Sizes.human(Files.size(path)), same ? "as it was" : "DIFFERS");
                if (!same) {
                    throw new IOException(path + " differs from what was packed");
                }
            }
        }
        System.out.print("   " + Files.readString(mounted.resolve("HELLO.txt")));
    }

    /** Checks that what was read back is the image. */
    void compare(Path copy) throws IOException {
        long mismatch = Files.mismatch(file, copy);
        if (mismatch >= 0) {
            throw new IOException(copy + " differs from the image at " + mismatch);
        }
        System.out.println("   the whole device compares equal to the image");
    }
}

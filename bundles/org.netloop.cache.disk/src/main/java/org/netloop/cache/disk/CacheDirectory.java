package org.netloop.cache.disk;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The files of a cache: {@code v1/ab/ALGORITHM-HEX}, and {@code v1/tmp} for those being written.
 *
 * @param root the directory {@code v1}
 * @param aside the directory {@code v1/tmp}
 */
record CacheDirectory(Path root, Path aside) {
    private static final long STALE_MS = TimeUnit.HOURS.toMillis(1);
    private static final int FAN_OUT_DIGITS = 2;

    /** Told of each block that is there, in the order they were used. */
    @FunctionalInterface
    interface Found {
        void add(Digest key, int size, long usedMillis);
    }

    private record OldFile(Digest key, int size, long usedMillis) {}

    static CacheDirectory open(Path base) throws IOException {
        Path root = base.toAbsolutePath().resolve("v1");
        Path aside = root.resolve("tmp");
        Files.createDirectories(aside);
        return new CacheDirectory(root, aside);
    }

    Path file(Digest key) {
        String hex = key.hex();
        return root.resolve(hex.substring(0, FAN_OUT_DIGITS))
                .resolve(key.algorithm().id() + "-" + hex);
    }

    /** Deletes a block, even where something else lies in its place. */
    void delete(Digest key) throws IOException {
        Path file = file(key);
        if (!Files.isDirectory(file)) {
            Files.deleteIfExists(file);
            return;
        }
        try (Stream<Path> all = Files.walk(file)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Looks through all files, and removes what dead processes left half-written. */
    void scan(Found found) throws IOException {
        removeStale();
        List<OldFile> files = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) {
                        return directory.equals(aside)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        Digest key = key(file.getFileName().toString());
                        if (key != null && attributes.size() <= Integer.MAX_VALUE) {
                            long used = attributes.lastModifiedTime().toMillis();
                            files.add(new OldFile(key, (int) attributes.size(), used));
                        }
                        return Thread.currentThread().isInterrupted()
                                ? FileVisitResult.TERMINATE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException why) {
                        // Another process evicted it just now.
                        return FileVisitResult.CONTINUE;
                    }
                });
        files.sort(Comparator.comparingLong(OldFile::usedMillis));
        files.forEach(file -> found.add(file.key(), file.size(), file.usedMillis()));
    }

    private static @Nullable Digest key(String name) {
        int dash = name.lastIndexOf('-');
        try {
            return Digest.ofHex(
                    DigestAlgorithm.byId(name.substring(0, Math.max(0, dash))),
                    name.substring(dash + 1));
        } catch (IllegalArgumentException _) {
            // Not one of ours.
            return null;
        }
    }

    private void removeStale() throws IOException {
        long before = System.currentTimeMillis() - STALE_MS;
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(aside)) {
            for (Path part : parts) {
                if (part.toFile().lastModified() < before) {
                    Files.deleteIfExists(part);
                }
            }
        }
    }
}

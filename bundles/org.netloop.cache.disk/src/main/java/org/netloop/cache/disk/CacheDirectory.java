package org.netloop.cache.disk;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.file.PrivateDirectory;
import org.netloop.api.file.WriteFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The files of a cache: {@code v1/ab/ALGORITHM-HEX}, and {@code v1/tmp} for those being written.
 *
 * @param root the directory {@code v1}
 * @param aside the directory {@code v1/tmp}
 */
record CacheDirectory(Path root, Path aside) {
    private static final Logger LOG = LoggerFactory.getLogger(CacheDirectory.class);
    private static final long STALE_MS = TimeUnit.HOURS.toMillis(1);
    private static final int FAN_OUT_DIGITS = 2;
    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    // A process id would not do: containers that share the directory have the same ones.
    private static final String WRITER = UUID.randomUUID().toString();
    private static final AtomicLong NEXT = new AtomicLong();

    /**
     * A block's file that is there.
     *
     * @param size of the whole file, in bytes
     * @param usedMillis when it was last written or touched, since the epoch
     */
    record Found(Digest key, int size, long usedMillis) {}

    /**
     * Opens a cache's directory, and makes it if it is not there.
     *
     * @throws IOException if it cannot be made, or others may write to it: what they put there
     *     would be taken for blocks
     */
    static CacheDirectory open(Path base) throws IOException {
        Path root = PrivateDirectory.create(base.toAbsolutePath().resolve("v1"));
        Path aside = root.resolve("tmp");
        Files.createDirectories(aside, PrivateDirectory.ownersDirectory());
        return new CacheDirectory(root, aside);
    }

    Path file(Digest key) {
        String hex = key.hex();
        return root.resolve(hex.substring(0, FAN_OUT_DIGITS))
                .resolve(key.algorithm().id() + "-" + hex);
    }

    /**
     * Writes a block aside and moves it to its place, where it replaces what was there. Leaves
     * nothing behind if it fails.
     */
    void write(Digest key, ByteBuffer bytes) throws IOException {
        try {
            writeOnce(key, bytes.duplicate());
        } catch (NoSuchFileException _) {
            // The first block of its folder; or the directory was emptied under us.
            Files.createDirectories(aside, PrivateDirectory.ownersDirectory());
            Files.createDirectories(
                    file(key).resolveSibling(""), PrivateDirectory.ownersDirectory());
            writeOnce(key, bytes.duplicate());
        }
    }

    private void writeOnce(Digest key, ByteBuffer bytes) throws IOException {
        Path part = aside.resolve(WRITER + "-" + NEXT.incrementAndGet());
        try {
            try (FileChannel file = FileChannel.open(part, NEW, PrivateDirectory.ownersFile())) {
                BlockFile.write(file, key, bytes);
            }
            Files.move(part, file(key), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            discard(part, e);
            throw WriteFailures.of(part, e);
        }
    }

    private static void discard(Path part, IOException why) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
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

    /**
     * Looks through all files, and removes what dead processes left half-written. The blocks come
     * in the order of their use, the latest last.
     */
    List<Found> scan() throws IOException {
        removeStale();
        List<Found> files = new ArrayList<>();
        Files.walkFileTree(root, new Scan(files));
        files.sort(Comparator.comparingLong(Found::usedMillis));
        return files;
    }

    /** Collects the files of blocks. */
    private final class Scan extends SimpleFileVisitor<Path> {
        private final List<Found> files;

        private Scan(List<Found> files) {
            this.files = files;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.equals(aside)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Digest key = key(file.getFileName().toString());
            if (key != null
                    && attributes.isRegularFile()
                    && attributes.size() <= Integer.MAX_VALUE) {
                long used = attributes.lastModifiedTime().toMillis();
                files.add(new Found(key, (int) attributes.size(), used));
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

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException why) {
            // What a folder hides is not evicted; the others still are.
            return FileVisitResult.CONTINUE;
        }
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

    private void removeStale() {
        long before = System.currentTimeMillis() - STALE_MS;
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(aside)) {
            for (Path part : parts) {
                if (part.toFile().lastModified() < before) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A read-only cache keeps them, and is looked through all the same.
            LOG.debug("{} is not tidied: {}", aside, e.toString());
        }
    }
}

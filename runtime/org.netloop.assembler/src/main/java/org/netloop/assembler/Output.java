package org.netloop.assembler;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.HeldLock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Place of an output: written beside its name, and renamed once it is complete and durable. It may
 * be a directory, which cannot be locked: a file {@code .lock} beside it is, as long as it is
 * written. What an assembler left that was killed is removed by the next one for the same name.
 */
final class Output implements AutoCloseable {
    private static final String LOCK = ".lock";
    private static final String MARK = ".netloop-";
    private static final String RANDOM = "[0-9a-f]{16}";

    private final Path target;
    private final Path aside;
    private final FileChannel channel;
    private final HeldLock lock;

    private Output(Path target, Path aside, FileChannel channel, HeldLock lock) {
        this.target = target;
        this.aside = aside;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Chooses a name beside the target, which nothing has yet.
     *
     * @throws IOException if the target is a directory that is there, or has no directory
     */
    static Output of(Path name) throws IOException {
        Path target = name.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new IOException(target + " cannot be written: " + parent + " is not a directory");
        }
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(
                    target
                            + " exists, and a directory is not replaced: remove it, or choose another");
        }
        String prefix = "." + target.getFileName() + MARK;
        removeAbandoned(parent, prefix);
        while (true) {
            byte[] random = new byte[Long.BYTES];
            ThreadLocalRandom.current().nextBytes(random);
            Path aside = parent.resolve(prefix + HexFormat.of().formatHex(random));
            FileChannel channel =
                    FileChannel.open(
                            lockOf(aside), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try {
                return new Output(target, aside, channel, HeldLock.hold(lockOf(aside), channel));
            } catch (NoSuchFileException _) {
                channel.close(); // taken for abandoned before it was held
            } catch (IOException | RuntimeException e) {
                channel.close();
                Files.deleteIfExists(lockOf(aside));
                throw e;
            }
        }
    }

    private static Path lockOf(Path aside) {
        return aside.resolveSibling(aside.getFileName() + LOCK);
    }

    private static void removeAbandoned(Path parent, String prefix) throws IOException {
        Pattern name = Pattern.compile(Pattern.quote(prefix) + RANDOM + Pattern.quote(LOCK));
        try (DirectoryStream<Path> locks =
                Files.newDirectoryStream(
                        parent, file -> name.matcher(file.getFileName().toString()).matches())) {
            for (Path each : locks) {
                String path = each.toString();
                Path left = Path.of(path.substring(0, path.length() - LOCK.length()));
                HeldLock.deleteIfAbandoned(each, () -> delete(left));
            }
        } catch (AccessDeniedException _) {
            // It belongs to somebody else: it does no harm.
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    Path aside() {
        return aside;
    }

    Path target() {
        return target;
    }

    /** Gives the output its name. */
    void finish() throws IOException {
        force(aside);
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        force(target.getParent());
    }

    private static void force(@Nullable Path path) throws IOException {
        if (path != null) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Removes what was written, unless it has its name. */
    @Override
    public void close() throws IOException {
        try (channel;
                lock) {
            delete(aside);
            Files.deleteIfExists(lockOf(aside));
        }
    }

    /** Removes a file or directory with all that is in it, if it is there. */
    static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}

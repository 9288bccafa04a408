package org.netloop.assembler;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Place of an output: written beside its name, and renamed once it is complete and durable. */
final class Output implements AutoCloseable {
    private final Path target;
    private final Path aside;

    private Output(Path target, Path aside) {
        this.target = target;
        this.aside = aside;
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
        byte[] random = new byte[Long.BYTES];
        ThreadLocalRandom.current().nextBytes(random);
        String part = "." + target.getFileName() + ".netloop-" + HexFormat.of().formatHex(random);
        return new Output(target, parent.resolve(part));
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
        delete(aside);
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

package org.netloop.frontend.fuse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The file systems of an image, mounted read-only beside its file: that of the image, or those of
 * its partitions. Used by one thread at a time.
 */
final class FileSystems {
    private static final Logger LOG = LoggerFactory.getLogger(FileSystems.class);

    /**
     * What is to be mounted.
     *
     * @param partition the only one; empty for the image or all of its partitions
     * @param noexec whether programs may not be run there
     */
    record Wish(OptionalInt partition, boolean noexec) {}

    private final Mount mount;
    private final String name;
    private final Path file;
    private final long size;
    private final Wish wish;
    private final Map<String, LoopMount> mounted = new LinkedHashMap<>();

    /**
     * None is mounted yet.
     *
     * @param mount where directories for them are made
     * @param name of the directory of the only one; of several, each has its number behind a dot
     * @param file of the image
     * @param size of the image in bytes
     */
    FileSystems(Mount mount, String name, Path file, long size, Wish wish) {
        this.mount = mount;
        this.name = name;
        this.file = file;
        this.size = size;
        this.wish = wish;
    }

    /**
     * Mounts what is wished and can be.
     *
     * @throws IOException if nothing can be mounted, saying why; nothing is left behind
     */
    void open() throws IOException {
        if (!Caller.isRoot()) {
            throw new IOException("only root may attach a loop device and mount what is on it");
        }
        if (size % Slice.SECTOR != 0) {
            LOG.warn(
                    "{} ends with {} bytes that are no whole sector of {}: its loop device ends"
                            + " before them",
                    file,
                    size % Slice.SECTOR,
                    Slice.SECTOR);
        }
        try {
            if (wish.partition().isPresent()) {
                open(partition(wish.partition().getAsInt()), name);
            } else {
                openAny();
            }
        } catch (IOException | RuntimeException | Error e) {
            abandon();
            throw e;
        }
        mounted.values().forEach(one -> LOG.info("a file system is at {}", one.directory()));
    }

    private Slice partition(int number) throws IOException {
        List<Slice> partitions = Slice.partitions(file, size);
        return partitions.stream()
                .filter(slice -> slice.number() == number)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IOException(
                                        partitions.isEmpty()
                                                ? "it has no partitions"
                                                : "it has no partition "
                                                        + number
                                                        + ", but "
                                                        + numbers(partitions)));
    }

    private static String numbers(List<Slice> partitions) {
        return String.join(
                ", ", partitions.stream().map(slice -> String.valueOf(slice.number())).toList());
    }

    private void openAny() throws IOException {
        Slice whole = Slice.whole(size);
        if (whole.length() == 0) {
            throw new IOException("it is shorter than a sector");
        }
        IOException failure;
        try {
            open(whole, name);
            return;
        } catch (IOException e) {
            failure = e;
        }
        List<Slice> partitions = Slice.partitions(file, size);
        if (partitions.isEmpty()) {
            throw failure;
        }
        openEach(partitions);
    }

    private void openEach(List<Slice> partitions) throws IOException {
        List<String> failures = new ArrayList<>();
        List<Slice> able = new ArrayList<>();
        for (Slice slice : partitions) {
            try {
                open(slice, name + "." + slice.number());
                able.add(slice);
            } catch (IOException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        if (able.isEmpty()) {
            throw new IOException(
                    "it has the partitions "
                            + numbers(partitions)
                            + ", none of which can be mounted: "
                            + String.join("; ", failures));
        }
        failures.forEach(failure -> LOG.info("{}: {}", file, failure));
        if (able.size() == 1) {
            close();
            open(able.getFirst(), name);
        }
    }

    private void open(Slice slice, String at) throws IOException {
        if (!mount.add(at, new Node.Directory())) {
            throw new IOException(mount.directory().resolve(at) + " is there already");
        }
        String type = FileSystemType.of(file, slice);
        try {
            mounted.put(
                    at,
                    LoopMount.make(
                            file, slice, type, mount.directory().resolve(at), wish.noexec()));
        } catch (IOException e) {
            mount.remove(at);
            throw new IOException(
                    slice.name()
                            + " "
                            + FileSystemType.whyNot(type, String.valueOf(e.getMessage())),
                    e);
        } catch (RuntimeException | Error e) {
            mount.remove(at);
            throw e;
        }
    }

    /** The names of its directories in the mount. */
    List<String> names() {
        return List.copyOf(mounted.keySet());
    }

    /**
     * Unmounts all.
     *
     * @throws IOException if one is in use; it may be tried again
     */
    void close() throws IOException {
        for (String at : names()) {
            LoopMount one = mounted.get(at);
            if (one != null) {
                one.close();
            }
            mounted.remove(at);
            mount.remove(at);
        }
    }

    /** As {@link #close}, also what is in use: it goes when its last user does. */
    void abandon() {
        mounted.values().forEach(LoopMount::abandon);
        mounted.keySet().forEach(mount::remove);
        mounted.clear();
    }
}

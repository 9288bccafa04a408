package org.netloop.api.mount;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The file systems of an image, mounted beside its file, read-only unless it is writable: that of
 * the image, or those of its partitions. Used by one thread at a time.
 */
public final class FileSystems {
    private static final String LOOP = "/dev/loop";
    private static final String NUMBERED = "\\Q%s\\E\\.[0-9]+";

    /**
     * Requested mounts.
     *
     * @param partition the only one; empty for the image or all of its partitions
     * @param noexec whether programs may not be run there
     * @param writable whether they are mounted to be written
     */
    public record Wish(OptionalInt partition, boolean noexec, boolean writable) {
        /** Returns the same, written or not. */
        public Wish withWritable(boolean may) {
            return new Wish(partition, noexec, may);
        }
    }

    private final Folders folders;
    private final Notes notes;
    private final String name;
    private final Path file;
    private final long size;
    private final Wish wish;
    private final Map<String, LoopMount> mounted = new LinkedHashMap<>();

    /**
     * None is mounted yet.
     *
     * @param folders where directories for them are made
     * @param name of the directory of the only one; of several, each has its number behind a dot
     * @param size of the image in bytes; its file is {@code name.img} beside those directories
     * @param notes is told where they are, and what cannot be mounted
     */
    public FileSystems(Folders folders, String name, long size, Wish wish, Notes notes) {
        this.folders = folders;
        this.name = name;
        this.file = folders.directory().resolve(name + MountOptions.IMAGE);
        this.size = size;
        this.wish = wish;
        this.notes = notes;
    }

    /**
     * Mounts what is wished and can be.
     *
     * @throws IOException if nothing can be mounted, saying why; nothing is left behind
     */
    public void open() throws IOException {
        if (!Caller.isRoot()) {
            throw new IOException("only root may attach a loop device and mount what is on it");
        }
        if (size % Slice.SECTOR != 0) {
            notes.warn(
                    "%s ends with %d bytes that do not fill a sector of %d: its loop device ends before them"
                            .formatted(file, size % Slice.SECTOR, Slice.SECTOR));
        }
        try {
            if (adopt()) {
                return;
            }
            if (wish.partition().isPresent()) {
                open(partition(wish.partition().getAsInt()), name);
            } else {
                openAny();
            }
        } catch (IOException | RuntimeException | Error e) {
            abandon();
            throw e;
        }
        mounted.values().forEach(one -> notes.info("a file system is at " + one.directory()));
    }

    /** Takes over those that a former process has mounted here, if its mount outlived it. */
    private boolean adopt() throws IOException {
        Path base = MountPoint.real(folders.directory().resolve(name));
        for (MountTable.Entry there : MountTable.read().entries()) {
            String last = String.valueOf(there.place().getFileName());
            boolean ours =
                    Objects.equals(there.place().getParent(), base.getParent())
                            && (last.equals(name) || last.matches(NUMBERED.formatted(name)));
            if (ours && there.source().startsWith(LOOP) && folders.addFolder(last)) {
                mounted.put(last, new LoopMount(there.source(), there.place()));
            }
        }
        return !mounted.isEmpty();
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
        failures.forEach(failure -> notes.info(file + ": " + failure));
        if (able.size() == 1) {
            close();
            open(able.getFirst(), name);
        }
    }

    private void open(Slice slice, String at) throws IOException {
        if (!folders.addFolder(at)) {
            throw new IOException(folders.directory().resolve(at) + " already exists");
        }
        String type = FileSystemType.of(file, slice);
        try {
            mounted.put(
                    at, LoopMount.make(file, slice, type, folders.directory().resolve(at), wish));
        } catch (IOException e) {
            folders.removeFolder(at);
            throw new IOException(
                    slice.name()
                            + " "
                            + FileSystemType.whyNot(type, String.valueOf(e.getMessage())),
                    e);
        } catch (RuntimeException | Error e) {
            folders.removeFolder(at);
            throw e;
        }
    }

    /** Returns the names of its directories in the mount. */
    public List<String> names() {
        return List.copyOf(mounted.keySet());
    }

    /**
     * Unmounts all.
     *
     * @throws IOException if one is in use; it may be tried again
     */
    public void close() throws IOException {
        for (String at : names()) {
            LoopMount one = mounted.get(at);
            if (one != null) {
                one.close(notes);
            }
            mounted.remove(at);
            folders.removeFolder(at);
        }
    }

    /**
     * Unmounts like {@link #close}, but lazily what is in use, which disappears with its last user.
     */
    public void abandon() {
        mounted.values().forEach(one -> one.abandon(notes));
        mounted.keySet().forEach(folders::removeFolder);
        mounted.clear();
    }
}

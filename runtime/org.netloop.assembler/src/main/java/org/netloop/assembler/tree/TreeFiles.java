package org.netloop.assembler.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Writes trees as files, durably. */
public final class TreeFiles {
    private TreeFiles() {}

    /**
     * Writes a tree into a directory, which is made.
     *
     * @param time modification time of all of it
     */
    public static void write(Tree tree, Instant time, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
            write(entry.getValue(), directory.resolve(entry.getKey()));
        }
        // Last, as writing into a directory changes its time.
        for (String path : tree.nodes().keySet()) {
            touch(directory.resolve(path), time);
        }
        touch(directory, time);
    }

    private static void touch(Path path, Instant time) throws IOException {
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(time), null, null);
    }

    private static void write(Node node, Path path) throws IOException {
        switch (node) {
            case Node.Directory directory -> {
                Files.createDirectories(path);
                Files.setPosixFilePermissions(path, permissions(directory.mode()));
            }
            case Node.File file -> {
                try (FileChannel channel =
                                FileChannel.open(
                                        path,
                                        StandardOpenOption.CREATE_NEW,
                                        StandardOpenOption.WRITE);
                        InputStream in = file.content().open()) {
                    OutputStream out = Channels.newOutputStream(channel);
                    in.transferTo(out);
                    channel.force(true);
                }
                Files.setPosixFilePermissions(path, permissions(file.mode()));
            }
            case Node.Link link -> Files.createSymbolicLink(path, Path.of(link.target()));
            case Node.Device _ ->
                    throw new IOException(path + ": a device belongs into an archive only");
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }
}

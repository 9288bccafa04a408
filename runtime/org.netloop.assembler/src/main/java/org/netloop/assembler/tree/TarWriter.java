package org.netloop.assembler.tree;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** Writes trees as tar archives (POSIX.1-2001 where names are long); equal trees, equal bytes. */
public final class TarWriter {
    private TarWriter() {}

    /**
     * Writes a tree, and leaves the stream open.
     *
     * @param prefix what all names begin with, as {@code ./} or empty
     * @param time modification time of all members
     */
    public static void write(Tree tree, String prefix, Instant time, OutputStream out)
            throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        if (prefix.equals("./")) {
            put(tar, prefix, new Node.Directory(0755, 0), time);
        }
        for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
            put(tar, prefix + entry.getKey(), entry.getValue(), time);
        }
        tar.finish();
        tar.flush();
    }

    private static void put(TarArchiveOutputStream tar, String name, Node node, Instant time)
            throws IOException {
        TarArchiveEntry entry = entry(name, node);
        entry.setMode(node.mode());
        int owner = node instanceof Node.Directory directory ? directory.owner() : 0;
        entry.setIds(owner, owner);
        entry.setNames(owner == 0 ? "root" : "", owner == 0 ? "root" : "");
        entry.setModTime(time.toEpochMilli());
        if (node instanceof Node.File file) {
            entry.setSize(file.content().size());
        }
        tar.putArchiveEntry(entry);
        if (node instanceof Node.File file) {
            try (InputStream in = file.content().open()) {
                in.transferTo(tar);
            }
        }
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry entry(String name, Node node) {
        return switch (node) {
            case Node.Directory _ -> new TarArchiveEntry(name.endsWith("/") ? name : name + "/");
            case Node.File _ -> new TarArchiveEntry(name);
            case Node.Link link -> {
                TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
                entry.setLinkName(link.target());
                yield entry;
            }
            case Node.Device device -> {
                TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_CHR);
                entry.setDevMajor(device.major());
                entry.setDevMinor(device.minor());
                yield entry;
            }
        };
    }
}

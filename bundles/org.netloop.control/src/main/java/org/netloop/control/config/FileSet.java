package org.netloop.control.config;

import org.netloop.api.file.AtomicFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Files that are written beside those they replace, and then moved to their places together. */
final class FileSet implements AutoCloseable {
    private final List<AtomicFile> parts = new ArrayList<>();
    private final Set<Path> gone;

    private FileSet(Set<Path> gone) {
        this.gone = gone;
    }

    /** Writes what differs beside what is there; {@link #finish} replaces it. */
    static FileSet create(Map<Path, String> before, Map<Path, String> wanted) throws IOException {
        Set<Path> gone = new HashSet<>(before.keySet());
        gone.removeAll(wanted.keySet());
        FileSet set = new FileSet(gone);
        try {
            for (Map.Entry<Path, String> each : wanted.entrySet()) {
                if (!each.getValue().equals(before.get(each.getKey()))) {
                    AtomicFile part = AtomicFile.create(each.getKey());
                    set.parts.add(part);
                    part.write(ByteBuffer.wrap(each.getValue().getBytes(StandardCharsets.UTF_8)));
                }
            }
            return set;
        } catch (IOException e) {
            set.close();
            throw e;
        }
    }

    /** Moves the new files to their places, and deletes those that are wanted no more. */
    void finish() throws IOException {
        for (AtomicFile part : parts) {
            part.finish();
        }
        for (Path each : gone) {
            Files.deleteIfExists(each);
        }
    }

    /** Removes the new files that are not in their places. */
    @Override
    public void close() throws IOException {
        for (AtomicFile part : parts) {
            part.close();
        }
    }
}

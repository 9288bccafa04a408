package org.netloop.transport.file;

import org.netloop.api.transport.ObjectWriter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is written beside its place, and moved there when it is complete and durable. */
final class FileWriter implements ObjectWriter {
    private final Path target;
    private final Path part;
    private final FileChannel channel;
    private boolean finished;

    FileWriter(Path target) throws IOException {
        this.target = target;
        this.part =
                target.resolveSibling(
                        "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        this.channel =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void finish() throws IOException {
        channel.force(true);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        finished = true;
        try (FileChannel directory =
                FileChannel.open(target.resolveSibling(""), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!finished) {
            Files.deleteIfExists(part);
        }
    }
}

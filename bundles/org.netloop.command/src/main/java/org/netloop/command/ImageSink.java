package org.netloop.command;

import org.netloop.api.file.FileTarget;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Destination of an extracted image: a file, a block device, or a stream. Its bytes come in their
 * order. Used by one thread.
 */
sealed interface ImageSink extends Closeable permits FileSink, DeviceSink, StreamSink {

    /** Writes the remaining bytes, all of them, to an offset of the image. */
    void write(ByteBuffer bytes, long offset) throws IOException;

    /** Writes zeros, or leaves a hole that reads as zeros. */
    void zero(long offset, long length) throws IOException;

    /** All of the image is written: it survives a power cut when this returns. */
    void finish() throws IOException;

    /**
     * Opens what a name stands for. Nothing is changed yet.
     *
     * @param size the length of the image in bytes
     * @param force whether a file that has bytes already may be replaced
     * @throws IOException if it may not, or the image does not fit on a device
     */
    static ImageSink open(Path name, long size, boolean force) throws IOException {
        requireReplaceable(name, force);
        return switch (FileKind.of(name)) {
            case ABSENT, FILE -> FileSink.open(name, size, force);
            case BLOCK_DEVICE -> DeviceSink.open(name, size);
            case CHARACTER_DEVICE -> StreamSink.open(name);
            // Opening one would wait for its reader, and with none for ever.
            case FIFO ->
                    throw new IOException(
                            name
                                    + " is a pipe; write to it by standard output: netloop cat REF >"
                                    + " PIPE");
            case DIRECTORY -> throw new IOException(name + " is a directory; name a file in it");
            case OTHER ->
                    throw new IOException(
                            name + " is a socket or something else that cannot be written to");
        };
    }

    /** Refuses a file that would lose its bytes; an empty one has none. */
    static void requireReplaceable(Path name, boolean force) throws IOException {
        if (force || FileKind.of(name) != FileKind.FILE) {
            return;
        }
        Path target = FileTarget.of(name);
        if (Files.exists(target) && Files.size(target) > 0) {
            throw new IOException(name + " exists; use --force to replace it");
        }
    }
}

package org.netloop.command;

import org.netloop.api.file.AtomicFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file that is in its place only when it is whole, and keeps the image's holes. Refused while
 * another extraction writes to that name, and at the end if somebody else has made the file by then
 * and it may not be replaced.
 */
record FileSink(Path name, AtomicFile file, long size, boolean force) implements ImageSink {

    static FileSink open(Path name, long size, boolean force) throws IOException {
        return new FileSink(name, AtomicFile.createAlone(name), size, force);
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
        file.write(bytes, offset);
    }

    @Override
    public void zero(long offset, long length) {
        // What is not written reads as zeros.
    }

    /** A hole at the end is made by its last byte. */
    @Override
    public void finish() throws IOException {
        if (file.size() < size) {
            file.write(ByteBuffer.allocate(1), size - 1);
        }
        ImageSink.requireReplaceable(name, force);
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

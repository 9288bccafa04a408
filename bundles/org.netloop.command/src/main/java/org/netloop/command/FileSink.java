package org.netloop.command;

import org.netloop.api.file.AtomicFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file that is in its place only when it is whole, and keeps the image's holes. */
record FileSink(AtomicFile file, long size) implements ImageSink {

    static FileSink open(Path name, long size) throws IOException {
        return new FileSink(AtomicFile.create(name), size);
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
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

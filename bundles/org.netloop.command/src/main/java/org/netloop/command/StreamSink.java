package org.netloop.command;

import org.netloop.api.file.WriteFailures;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A character device, which takes the bytes one after the other, holes as zeros. */
record StreamSink(Path path, FileChannel channel) implements ImageSink {

    static StreamSink open(Path name) throws IOException {
        return new StreamSink(name, FileChannel.open(name, StandardOpenOption.WRITE));
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw WriteFailures.of(path, e);
        }
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        Zeros.write(this, offset, length);
    }

    @Override
    public void finish() {
        // A stream has no place to be durable in.
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

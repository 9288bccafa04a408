package org.netloop.transport.file;

import org.netloop.api.file.AtomicFile;
import org.netloop.api.transport.ObjectWriter;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An object of any length that takes its place when it is complete and durable. */
record FileWriter(AtomicFile file) implements ObjectWriter {

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        file.write(bytes);
    }

    @Override
    public void finish() throws IOException {
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

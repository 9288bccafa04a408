package org.netloop.command;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Zeros for what has no holes. */
final class Zeros {
    private static final int PIECE = 1 << 20;

    private Zeros() {}

    /** Writes them. */
    static void write(ImageSink sink, long offset, long length) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(PIECE, length));
        long end = offset + length;
        for (long at = offset; at < end; at += zeros.limit()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
            sink.write(zeros, at);
        }
    }
}

package org.netloop.frontend.fuse;

import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a name in a mounted directory stands for. Thread-safe. */
sealed interface Node {

    /** Its length in bytes. */
    long size();

    /** When it changed last, in seconds since 1970. */
    long modifiedSeconds();

    /** Fills the buffer with its bytes from an offset on; never asked for more than it has. */
    void read(long offset, ByteBuffer into) throws IOException, InterruptedException;

    /**
     * A volume as a file.
     *
     * @param volume the volume
     * @param modifiedSeconds when it was attached: an image never changes
     */
    record Image(Volume volume, long modifiedSeconds) implements Node {
        @Override
        public long size() {
            return volume.size();
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException, InterruptedException {
            if (!volume.readIfPresent(offset, into)) {
                volume.read(offset, into);
            }
        }
    }

    /** An empty directory, for a file system to be mounted on. */
    record Directory() implements Node {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public long modifiedSeconds() {
            return 0;
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            throw new IOException("a directory cannot be read");
        }
    }

    /**
     * What goes on in a volume, as a text; its length changes in steps, so that it rarely does in
     * the middle of a read.
     */
    record Status(Volume volume) implements Node {
        private static final int STEP = 4096;
        private static final long MILLIS = 1000;

        private byte[] text() {
            byte[] text = Mount.bytes(StatusText.of(volume));
            byte[] padded = Arrays.copyOf(text, (text.length / STEP + 1) * STEP);
            Arrays.fill(padded, text.length, padded.length, (byte) '\n');
            return padded;
        }

        @Override
        public long size() {
            return text().length;
        }

        @Override
        public long modifiedSeconds() {
            return System.currentTimeMillis() / MILLIS;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            byte[] text = text();
            int from = (int) Math.min(offset, text.length);
            into.put(text, from, Math.min(into.remaining(), text.length - from));
            while (into.hasRemaining()) {
                into.put((byte) '\n');
            }
        }
    }
}

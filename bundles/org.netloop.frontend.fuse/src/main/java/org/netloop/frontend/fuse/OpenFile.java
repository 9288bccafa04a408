package org.netloop.frontend.fuse;

import org.netloop.api.block.Extent;
import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Source of the reads of an open file. Thread-safe. */
sealed interface OpenFile {

    /** Returns the length in bytes. */
    long size();

    /**
     * A text as it was when the file was opened: whoever reads it to its end reads one state.
     *
     * @param bytes the text in UTF-8; never changed
     */
    record Text(byte[] bytes) implements OpenFile {
        @Override
        public long size() {
            return bytes.length;
        }
    }

    /**
     * A volume. However often it is opened, it is one: its readers share its memory.
     *
     * @param volume the volume
     * @param replies counts its reads inside of the volume, which wait for blocks; more of them
     *     wait outside of it and hold nothing
     */
    record Image(Volume volume, Replies.File replies) implements OpenFile {
        static Image of(Volume volume) {
            return new Image(volume, new Replies.File());
        }

        @Override
        public long size() {
            return volume.size();
        }

        void read(long offset, ByteBuffer into) throws IOException, InterruptedException {
            volume.read(offset, into);
        }

        /**
         * Returns the start of the next run of one kind, at {@code offset} or after it; the size if
         * there is none. May fetch parts of the image's map.
         *
         * @param offset at least 0, below the size
         */
        long next(boolean hole, long offset) throws IOException, InterruptedException {
            long at = offset;
            while (at < size()) {
                Extent run = volume.extent(at, size() - at);
                if (run.hole() == hole) {
                    return at;
                }
                at = run.end();
            }
            return at;
        }
    }
}

package org.netloop.frontend.fuse;

import org.netloop.api.mount.StatusText;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Volume;

import java.nio.charset.StandardCharsets;

/** Entry of a mounted directory. Thread-safe. */
sealed interface Node {
    long MILLIS = 1000;

    /** Returns the current length in bytes. */
    long size();

    /** Returns the number of bytes stored for it. */
    default long stored() {
        return size();
    }

    /** Returns the permissions, as in chmod(2). */
    int mode();

    /** Returns the time of the last change, in seconds since 1970. */
    long modifiedSeconds();

    /**
     * A volume as a file.
     *
     * @param file what its reads are answered from, by whoever opened it
     * @param modifiedSeconds when it was attached: an image never changes
     */
    record Image(OpenFile.Image file, long modifiedSeconds) implements Node {
        private static final int MODE = 0444;
        private static final int WRITABLE = 0644;

        static Image of(Volume volume) {
            return new Image(OpenFile.Image.of(volume), System.currentTimeMillis() / MILLIS);
        }

        @Override
        public long size() {
            return file.size();
        }

        /**
         * Returns the bytes stored for its image: less than the size if it has holes or is
         * compressed.
         */
        @Override
        public long stored() {
            if (file.volume() instanceof ImageVolume image && image.image().storedBytes() >= 0) {
                return Math.min(image.image().storedBytes(), size());
            }
            return size();
        }

        @Override
        public int mode() {
            return file.volume().isWritable() ? WRITABLE : MODE;
        }
    }

    /** An empty directory, for a file system to be mounted on. */
    record Directory() implements Node {
        private static final int MODE = 0555;

        @Override
        public long size() {
            return 0;
        }

        @Override
        public int mode() {
            return MODE;
        }

        @Override
        public long modifiedSeconds() {
            return 0;
        }
    }

    /**
     * Status of a volume, as a text. It names mirrors and what they said, which is its owner's
     * business alone.
     */
    record Status(Volume volume) implements Node {
        private static final int MODE = 0400;

        OpenFile.Text text() {
            return new OpenFile.Text(StatusText.of(volume).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public long size() {
            return text().size();
        }

        @Override
        public int mode() {
            return MODE;
        }

        @Override
        public long modifiedSeconds() {
            return System.currentTimeMillis() / MILLIS;
        }
    }
}

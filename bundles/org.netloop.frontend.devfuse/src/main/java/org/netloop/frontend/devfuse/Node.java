package org.netloop.frontend.devfuse;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.mount.MountOptions;
import org.netloop.api.mount.StatusText;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Volume;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Entry of a mounted directory, or that directory. Thread-safe. */
sealed interface Node {
    /** The number of the mounted directory, which the protocol sets. */
    long ROOT = 1;

    int READ_ONLY_DIRECTORY = 0040555;

    /**
     * Returns the number by which the kernel names it. It says what the entry is, by name and
     * content, so that a successor of this process gives the same numbers, and the same name for
     * other bytes gets another one.
     */
    long id();

    /** Returns its name in the directory. */
    String name();

    /** Returns the current length in bytes. */
    long size();

    /** Returns the number of bytes stored for it. */
    default long stored() {
        return size();
    }

    /** Returns type and permissions, as in stat(2). */
    int mode();

    /** Returns the time of the last change, in seconds since 1970. */
    long modified();

    private static long number(String kind, String name, String content) {
        String text = kind + "/" + name + "/" + content;
        Digest digest =
                Digest.of(
                        DigestAlgorithm.SHA256,
                        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        // 60 bits of it, which leaves out the numbers that the protocol sets.
        return Long.parseLong(digest.hex().substring(0, 15), 16) | 1L << 61;
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    /** The mounted directory. */
    record Top() implements Node {
        @Override
        public long id() {
            return ROOT;
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public int mode() {
            return READ_ONLY_DIRECTORY;
        }

        @Override
        public long modified() {
            return 0;
        }
    }

    /**
     * A volume as a file.
     *
     * @param modified when it was attached: an image never changes
     * @param share the part of the memory for waiting requests that those of this file have
     */
    record Image(long id, String name, Volume volume, long modified, Share share) implements Node {
        private static final int MODE = 0100444;
        private static final int WRITABLE = 0100644;

        static Image of(String base, Volume volume) {
            String name = base + MountOptions.IMAGE;
            long id = number("image", name, volume.identity().toString());
            return new Image(id, name, volume, now(), new Share());
        }

        @Override
        public long size() {
            return volume.size();
        }

        /**
         * Returns the bytes stored for its image: less than the size if it has holes or is
         * compressed.
         */
        @Override
        public long stored() {
            if (volume instanceof ImageVolume image && image.image().storedBytes() >= 0) {
                return Math.min(image.image().storedBytes(), size());
            }
            return size();
        }

        @Override
        public int mode() {
            return volume.isWritable() ? WRITABLE : MODE;
        }

        /**
         * Returns the start of the next run of one kind, at {@code offset} or after it; the size if
         * there is none. May fetch parts of the image's map.
         *
         * @param offset at least 0, below the size
         */
        long next(boolean hole, long offset) throws java.io.IOException, InterruptedException {
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

    /**
     * Status of a volume, as a text. It names mirrors and what they said, which is its owner's
     * business alone.
     */
    record Status(long id, String name, Volume volume) implements Node {
        private static final int MODE = 0100400;

        static Status of(String base, Volume volume) {
            String name = base + MountOptions.STATUS;
            return new Status(number("status", name, ""), name, volume);
        }

        byte[] text() {
            return StatusText.of(volume).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public long size() {
            return text().length;
        }

        @Override
        public int mode() {
            return MODE;
        }

        @Override
        public long modified() {
            return now();
        }
    }

    /** An empty directory, for a file system to be mounted on. */
    record Folder(long id, String name) implements Node {
        static Folder of(String name) {
            return new Folder(number("folder", name, ""), name);
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public int mode() {
            return READ_ONLY_DIRECTORY;
        }

        @Override
        public long modified() {
            return 0;
        }
    }
}

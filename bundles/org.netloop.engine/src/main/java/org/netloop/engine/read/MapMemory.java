package org.netloop.engine.read;

import org.netloop.api.transport.FetchException;

/**
 * Bounds the memory that the maps of all volumes take for as long as they are open: manifests, and
 * whatever else a format reads to open an image. Taken is a multiple of the documents' length, as
 * they grow when they are parsed, before there is memory for them. A small map always finds room; a
 * larger one, as long as it leaves as much again to others. Thread-safe.
 */
public final class MapMemory {
    /** What a byte of a document becomes, at the most, in the formats there are. */
    private static final int GROWTH = 4;

    /** Documents of so many bytes are always read: an image of 1 TiB needs 190 KB. */
    private static final long SMALL = 256 << 10;

    private final long budget;
    private long taken;

    /**
     * @param budget how many bytes the maps of all volumes may take
     */
    public MapMemory(long budget) {
        this.budget = budget;
    }

    /** For a volume that is about to be opened, which closes it. */
    public Account account() {
        return new Account();
    }

    /** What one volume takes. Thread-safe. */
    public final class Account implements AutoCloseable {
        private long own;
        private boolean opening = true;
        private boolean refused;

        private Account() {}

        /**
         * A document of so many bytes is about to be read.
         *
         * @throws FetchException.Unavailable if there is no memory for what becomes of it; nothing
         *     is taken then
         */
        void charge(String document, long bytes) throws FetchException.Unavailable {
            synchronized (MapMemory.this) {
                if (!opening) {
                    return;
                }
                long more = bytes * GROWTH;
                long free = budget - taken - more;
                if (own + more > Math.max(SMALL * GROWTH, free)) {
                    refused = true;
                    throw new FetchException.Unavailable(
                            document
                                    + " may take "
                                    + (own + more >> 20)
                                    + " MiB of memory, and of the "
                                    + (budget >> 20)
                                    + " MiB for the maps of all volumes "
                                    + Math.max(0, budget - taken >> 20)
                                    + " are free, of which one map may take half; raise maps.mib"
                                    + " of org.netloop.engine, or close other volumes",
                            null);
                }
                own += more;
                taken += more;
            }
        }

        /** So many bytes of what was charged did not come. */
        void refund(long bytes) {
            synchronized (MapMemory.this) {
                if (opening) {
                    own -= bytes * GROWTH;
                    taken -= bytes * GROWTH;
                }
            }
        }

        /** Whether something was not read as there was no memory for it: no mirror's fault. */
        public boolean wasRefused() {
            synchronized (MapMemory.this) {
                return refused;
            }
        }

        /** What was read was of no use; the image is looked for anew. */
        public void restart() {
            synchronized (MapMemory.this) {
                taken -= own;
                own = 0;
                refused = false;
            }
        }

        /** The volume is open: parts of its map that are read from now on are not counted. */
        public void opened() {
            synchronized (MapMemory.this) {
                opening = false;
            }
        }

        /** The volume is closed, or did not open. */
        @Override
        public void close() {
            restart();
        }
    }
}

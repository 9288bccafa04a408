package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.Parts;
import org.netloop.api.transport.FetchException;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Bounds the memory that the maps of all volumes take. Thread-safe.
 *
 * <p>Documents (manifests, and whatever else a format reads to open an image) are kept for as long
 * as a volume is open. Charged is a multiple of their length, as they grow when they are parsed,
 * before there is memory for them. A small document always finds room; a larger one, as long as it
 * leaves as much again to others.
 *
 * <p>Parts of maps take what documents leave, and can be loaded again: where there is too little
 * room, the map with the most parts drops some. Each map always keeps a few, so that a volume with
 * a large map costs others no more than that.
 */
public final class MapMemory {
    /** Largest growth of a document in memory, per byte, over the existing formats. */
    private static final int GROWTH = 4;

    /** Documents of so many bytes are always read: an image of 1 TiB needs 190 KB. */
    private static final long SMALL = 256 << 10;

    private final long budget;
    private final List<Account> accounts = new ArrayList<>();

    /** Memory of documents. */
    private long taken;

    /**
     * @param budget how many bytes the maps of all volumes may take
     */
    public MapMemory(long budget) {
        this.budget = budget;
    }

    /** Opens an account for a volume that is about to be opened, which closes it. */
    public Account account() {
        Account account = new Account();
        synchronized (this) {
            accounts.add(account);
        }
        return account;
    }

    /** Returns the memory of all documents and parts, in bytes: an upper bound. */
    synchronized long bytes() {
        return taken + accounts.stream().mapToLong(Account::partBytes).sum();
    }

    /** Drops parts until all fit, those of the largest map first. */
    private synchronized void fit() {
        for (long excess = bytes() - budget; excess > 0; ) {
            Parts<?> largest = largest();
            long before = largest == null ? 0 : largest.bytes();
            if (largest == null || !largest.dropOne()) {
                return;
            }
            excess -= before - largest.bytes();
        }
    }

    private @Nullable Parts<?> largest() {
        Parts<?> largest = null;
        for (Account account : accounts) {
            for (WeakReference<Parts<?>> map : account.maps) {
                Parts<?> parts = map.get();
                if (parts != null && (largest == null || parts.bytes() > largest.bytes())) {
                    largest = parts;
                }
            }
        }
        return largest;
    }

    /** Memory charged to one volume. Thread-safe. */
    public final class Account implements AutoCloseable {
        /** Maps of indexes that are in use; one that was reopened is no longer held. */
        private final List<WeakReference<Parts<?>>> maps = new ArrayList<>();

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
            fit();
        }

        /** Reads an object. */
        interface Reading<T> {
            T read() throws FetchException, InterruptedException;
        }

        /**
         * Reads and charges an object.
         *
         * @param most its most bytes; the final charge is its actual length
         */
        ByteBuffer charged(String document, int most, Reading<ByteBuffer> reading)
                throws FetchException, InterruptedException {
            return charged(document, most, reading, ByteBuffer::remaining);
        }

        /**
         * Reads and charges an object that comes with more than its bytes.
         *
         * @param length tells its actual length
         */
        <T> T charged(String document, int most, Reading<T> reading, ToIntFunction<T> length)
                throws FetchException, InterruptedException {
            charge(document, most);
            int came = 0;
            try {
                T object = reading.read();
                came = length.applyAsInt(object);
                return object;
            } finally {
                refund(most - came);
            }
        }

        /** Makes the cache of the parts of a map, whose memory is counted. */
        <P> Parts<P> parts(int partBytes, Parts.Loader<P> loader) {
            Parts<P> parts = new Parts<>(partBytes, loader, MapMemory.this::fit);
            synchronized (MapMemory.this) {
                maps.removeIf(map -> map.get() == null);
                maps.add(new WeakReference<>(parts));
            }
            return parts;
        }

        private long partBytes() {
            return maps.stream()
                    .map(WeakReference::get)
                    .mapToLong(parts -> parts == null ? 0 : parts.bytes())
                    .sum();
        }

        /** Refunds charged bytes that did not arrive. */
        void refund(long bytes) {
            synchronized (MapMemory.this) {
                if (opening) {
                    own -= bytes * GROWTH;
                    taken -= bytes * GROWTH;
                }
            }
        }

        /** Returns whether a document was refused for lack of memory: no mirror's fault. */
        public boolean wasRefused() {
            synchronized (MapMemory.this) {
                return refused;
            }
        }

        /** Refunds everything: what was read was of no use, and the image is looked for again. */
        public void restart() {
            synchronized (MapMemory.this) {
                taken -= own;
                own = 0;
                refused = false;
                maps.clear();
            }
        }

        /** The volume is open: parts of its map that are read from now on are no documents. */
        public void opened() {
            synchronized (MapMemory.this) {
                opening = false;
            }
        }

        /** The volume is closed, or did not open. */
        @Override
        public void close() {
            restart();
            synchronized (MapMemory.this) {
                accounts.remove(this);
            }
        }
    }
}

package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Stored forms by plain content, within a bound of memory: about 80 bytes an entry, as a map of
 * objects would take three times that. Thread-safe.
 *
 * <p>There are two generations. What is put or got goes into the young one; when that is full it
 * becomes the old one, and what nobody asked for since is forgotten. Forgetting costs time later,
 * nothing else.
 */
final class BlockTable {

    /** State of knowledge about a block in the repository. */
    enum State {
        /** The journal says so; the repository was not asked yet. */
        REMEMBERED(0),
        /** The block existed before this run. */
        FOUND(1),
        /** The block was stored by this run. */
        NEW(2);

        private final int code;

        State(int code) {
            this.code = code;
        }

        private static State of(int code) {
            return switch (code) {
                case 0 -> REMEMBERED;
                case 1 -> FOUND;
                case 2 -> NEW;
                default -> throw new IllegalStateException("no state has the code " + code);
            };
        }
    }

    /** A block and what is known of its being there. */
    record Entry(KnownBlock block, State state) {

        /** Returns whether the block is known for certain to be in the repository. */
        boolean isSettled() {
            return state != State.REMEMBERED;
        }
    }

    private static final int COUNTED = 0x40;

    private final DigestAlgorithm algorithm;
    private final int recordLength;
    private final int generationCapacity;
    private Generation young;
    private Generation old;

    /**
     * An empty table.
     *
     * @param algorithm names the stored blocks
     * @param capacity how many entries it holds at the most, at least 2
     */
    BlockTable(DigestAlgorithm algorithm, int capacity) {
        this.algorithm = algorithm;
        this.recordLength = KnownBlock.recordLength(algorithm) + 1;
        this.generationCapacity = Math.max(1, capacity / 2);
        this.young = new Generation(recordLength);
        this.old = new Generation(recordLength);
    }

    /** Returns the entry of a content; null if there is none, or it was evicted. */
    synchronized @Nullable Entry get(Digest plain) {
        int at = touch(plain);
        return at < 0 ? null : entry(young, at);
    }

    /** Keeps an entry in place of an earlier one of the same content. */
    synchronized void put(KnownBlock block, State state) {
        int at = touch(block.plain());
        int counted = at < 0 ? 0 : young.flags(at) & COUNTED;
        ByteBuffer record = ByteBuffer.allocate(recordLength);
        block.write(record);
        record.put((byte) (state.code | counted));
        if (at < 0) {
            add(block.plain(), record.array());
        } else {
            young.replace(at, record.array());
        }
    }

    /** Returns whether this content is counted for the first time, as far as is known. */
    synchronized boolean count(Digest plain) {
        int at = touch(plain);
        if (at < 0) {
            return true;
        }
        int flags = young.flags(at);
        young.setFlags(at, flags | COUNTED);
        return (flags & COUNTED) == 0;
    }

    /** Tells of every block that is in the repository for certain. */
    synchronized void forEachPresent(Consumer<KnownBlock> action) {
        for (Generation generation : new Generation[] {old, young}) {
            for (int at = 0; at < generation.end(); at += recordLength) {
                Entry entry = entry(generation, at);
                if (entry.isSettled()) {
                    action.accept(entry.block());
                }
            }
        }
    }

    /**
     * Returns its index in the young generation, moving it there from the old one; -1 if it is in
     * neither.
     */
    private int touch(Digest plain) {
        int at = young.find(plain);
        if (at >= 0) {
            return at;
        }
        int before = old.find(plain);
        return before < 0 ? -1 : add(plain, old.record(before));
    }

    private int add(Digest plain, byte[] record) {
        if (young.size() >= generationCapacity) {
            old = young;
            young = new Generation(recordLength);
        }
        return young.add(plain, record);
    }

    private Entry entry(Generation generation, int at) {
        ByteBuffer record = generation.view(at);
        KnownBlock block = KnownBlock.read(algorithm, record);
        if (block == null) {
            throw new IllegalStateException("the table of known blocks is damaged at " + at);
        }
        return new Entry(block, State.of(record.get() & ~COUNTED));
    }

    /** Records one after the other, found by open addressing; nothing is ever removed. */
    private static final class Generation {
        private static final int FIRST_CAPACITY = 1 << 10;

        private final int recordLength;
        private byte[] records;
        private int[] places;
        private int size;

        Generation(int recordLength) {
            this.recordLength = recordLength;
            this.records = new byte[FIRST_CAPACITY * recordLength];
            this.places = new int[2 * FIRST_CAPACITY];
        }

        int size() {
            return size;
        }

        int end() {
            return size * recordLength;
        }

        int find(Digest plain) {
            int place = places[place(plain)];
            return place - 1 < 0 ? -1 : (place - 1) * recordLength;
        }

        int add(Digest plain, byte[] record) {
            if (2 * (size + 1) > places.length) {
                grow();
            }
            places[place(plain)] = ++size;
            int at = (size - 1) * recordLength;
            replace(at, record);
            return at;
        }

        void replace(int at, byte[] record) {
            System.arraycopy(record, 0, records, at, recordLength);
        }

        byte[] record(int at) {
            return Arrays.copyOfRange(records, at, at + recordLength);
        }

        ByteBuffer view(int at) {
            return ByteBuffer.wrap(records, at, recordLength);
        }

        int flags(int at) {
            return records[at + recordLength - 1] & 0xff;
        }

        void setFlags(int at, int flags) {
            records[at + recordLength - 1] = (byte) flags;
        }

        /**
         * Returns the slot that holds the content's number (from 1), or the free slot where it
         * belongs.
         */
        private int place(Digest plain) {
            byte[] wanted = plain.bytes();
            int mask = places.length - 1;
            int place = plain.hashCode() & mask;
            while (places[place] != 0 && !isAt((places[place] - 1) * recordLength, wanted)) {
                place = place + 1 & mask;
            }
            return place;
        }

        private boolean isAt(int at, byte[] wanted) {
            return Arrays.equals(records, at, at + wanted.length, wanted, 0, wanted.length);
        }

        private void grow() {
            records = Arrays.copyOf(records, 2 * records.length);
            places = new int[2 * places.length];
            int mask = places.length - 1;
            for (int number = 1; number <= size; number++) {
                int place = view((number - 1) * recordLength).getInt() & mask;
                while (places[place] != 0) {
                    place = place + 1 & mask;
                }
                places[place] = number;
            }
        }
    }
}

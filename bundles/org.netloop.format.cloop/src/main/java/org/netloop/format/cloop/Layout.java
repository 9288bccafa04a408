package org.netloop.format.cloop;

import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Location and form of the map in a cloop file. Offsets count from the file's begin; a map of
 * offsets has one more than there are blocks.
 *
 * @param name the file, for messages
 * @param header what its head, or foot, says, with the right number of blocks
 * @param entry what the map is made of
 * @param position where the map begins
 */
record Layout(String name, Header header, Entry entry, long position) {
    private static final int PROBE = Header.LENGTH + 4 * Integer.BYTES;
    private static final int TAIL = 2 * Integer.BYTES;

    /** Lengths alone have to be added up from the first: the map is read as a whole. */
    private static final int MOST_LENGTHS = 1 << 22;

    /** Form of a map's entries. */
    enum Entry {
        /** V0.68: offsets of 32 bits, big-endian. */
        OFFSET_32(4),
        /** V1.0: offsets of 64 bits, little-endian. */
        OFFSET_64_LITTLE(8),
        /** V2.0: offsets of 64 bits, big-endian. */
        OFFSET_64(8),
        /** V4.0: the same; the upper four bits say how the block is stored. */
        OFFSET_64_FLAGS(8),
        /** KNOPPIX's accelerated V1.0: offset of 64 bits, length and a number of 32, big-endian. */
        OFFSET_LENGTH(16),
        /** V3.0: lengths of 32 bits, big-endian. */
        LENGTH(4);

        private final int bytes;

        Entry(int bytes) {
            this.bytes = bytes;
        }

        /** Returns the length of an entry in bytes. */
        int bytes() {
            return bytes;
        }

        /** Returns whether a block ends where the next one starts. */
        boolean isOffset() {
            return this != OFFSET_LENGTH && this != LENGTH;
        }

        ByteOrder order() {
            return this == OFFSET_64_LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        }
    }

    static Layout read(String name, ObjectVersion file, ObjectReader objects)
            throws FetchException, InterruptedException {
        ByteBuffer head = objects.read(file.path(), 0, PROBE);
        Layout layout =
                Header.isOne(head) ? first(name, file, objects, head) : last(name, file, objects);
        return layout.checked(file);
    }

    private static Layout first(
            String name, ObjectVersion file, ObjectReader objects, ByteBuffer head)
            throws FetchException, InterruptedException {
        Header header = Header.of(head);
        if (header.version().equals(Header.V4)) {
            return new Layout(name, header, Entry.OFFSET_64_FLAGS, Header.LENGTH);
        }
        if (header.blocks() == Header.TOLD_AT_END) {
            return lengths(name, file, objects, header);
        }
        if (head.remaining() < PROBE) {
            throw new FetchException.Corrupt(name + " ends within its map");
        }
        return new Layout(name, header, entry(name, header, head), Header.LENGTH);
    }

    /** The older versions are told apart by what their map begins with. */
    private static Entry entry(String name, Header header, ByteBuffer head)
            throws FetchException.Corrupt {
        int first = head.getInt(Header.LENGTH);
        int second = head.getInt(Header.LENGTH + Integer.BYTES);
        int third = head.getInt(Header.LENGTH + 2 * Integer.BYTES);
        if (first == 0) {
            return third == 0 || header.version().equals(Header.V2)
                    ? Entry.OFFSET_64
                    : Entry.OFFSET_LENGTH;
        }
        if (second == 0) {
            return Entry.OFFSET_64_LITTLE;
        }
        if (Integer.toUnsignedLong(first)
                == Header.LENGTH + (header.blocks() + 1) * Entry.OFFSET_32.bytes()) {
            return Entry.OFFSET_32;
        }
        throw new FetchException.Corrupt(
                name
                        + ": its map begins with "
                        + Integer.toHexString(first)
                        + " "
                        + Integer.toHexString(second)
                        + ", as that of no known version of cloop does");
    }

    private static Layout lengths(
            String name, ObjectVersion file, ObjectReader objects, Header header)
            throws FetchException, InterruptedException {
        ByteBuffer tail = objects.read(file.path(), Math.max(0, file.length() - TAIL), TAIL);
        if (tail.remaining() < TAIL) {
            throw new FetchException.Corrupt(name + " ends before its map");
        }
        int entry = tail.getInt(0);
        long blocks = Integer.toUnsignedLong(tail.getInt(Integer.BYTES));
        if (entry != Entry.LENGTH.bytes() || blocks > MOST_LENGTHS) {
            throw new FetchException.Corrupt(
                    name
                            + ": its end lists "
                            + blocks
                            + " entries of "
                            + Integer.toUnsignedLong(entry)
                            + " bytes; at most "
                            + MOST_LENGTHS
                            + " of "
                            + Entry.LENGTH.bytes()
                            + " can be read");
        }
        return new Layout(
                name,
                new Header(header.version(), header.blockLength(), blocks),
                Entry.LENGTH,
                file.length() - TAIL - blocks * Entry.LENGTH.bytes());
    }

    private static Layout last(String name, ObjectVersion file, ObjectReader objects)
            throws FetchException, InterruptedException {
        long at = file.length() - Header.LENGTH;
        ByteBuffer foot = objects.read(file.path(), Math.max(0, at), Header.LENGTH);
        if (!Header.isOne(foot)) {
            throw new FetchException.Corrupt(
                    name + " has the header of a cloop file neither at its start nor at its end");
        }
        Header header = Header.of(foot);
        Entry entry = header.version().equals(Header.V4) ? Entry.OFFSET_64_FLAGS : Entry.OFFSET_64;
        return new Layout(name, header, entry, at - (header.blocks() + 1) * (long) entry.bytes());
    }

    /** Returns the number of entries in the map. */
    long entries() {
        return entry.isOffset() ? header.blocks() + 1 : header.blocks();
    }

    private Layout checked(ObjectVersion file) throws FetchException.Corrupt {
        long end = position + entries() * entry.bytes();
        if (header.blocks() < 1 || position < 0 || end > file.length()) {
            throw new FetchException.Corrupt(
                    name
                            + ": a map of "
                            + header.blocks()
                            + " blocks at "
                            + position
                            + " is not inside of its "
                            + file.length()
                            + " bytes");
        }
        return this;
    }
}

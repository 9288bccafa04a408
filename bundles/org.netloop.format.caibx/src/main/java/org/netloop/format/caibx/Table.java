package org.netloop.format.caibx;

import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The frame of an index: what its begin and its end say. Between them lie the items, of {@value
 * #ITEM} bytes each: where in the image a chunk ends, and its digest.
 *
 * @param name the file, for messages
 * @param file the version that is read
 * @param header its begin
 * @param chunks how many items it has
 * @param size where the last chunk ends: the length of the image
 */
record Table(String name, ObjectVersion file, Header header, long chunks, long size) {
    static final int ITEM = 40;
    static final long TAIL_MARK = 0x4b4f050e5549ecd1L;

    /**
     * Most chunks: of the usual length they make an image of 64 TiB, whose table of parts takes 8
     * MiB.
     */
    static final long MOST_CHUNKS = 1L << 30;

    private static final int TAIL = 40;
    private static final int FRAME = Header.WITH_TABLE + TAIL;

    static Table read(String name, ObjectVersion file, ObjectReader objects)
            throws FetchException, InterruptedException {
        Header header = Header.read(name, objects.read(file.path(), 0, Header.WITH_TABLE));
        long items = file.length() - FRAME;
        if (items < 0 || items % ITEM != 0) {
            throw new FetchException.Corrupt(
                    name + " has " + file.length() + " bytes: its table was cut off");
        }
        long chunks = items / ITEM;
        if (chunks > MOST_CHUNKS) {
            throw new FetchException.Unsupported(
                    name + " has " + chunks + " chunks; at most " + MOST_CHUNKS + " are read");
        }
        int last = chunks == 0 ? 0 : ITEM;
        ByteBuffer end =
                objects.read(file.path(), file.length() - TAIL - last, TAIL + last)
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN);
        if (end.remaining() != TAIL + last) {
            throw new FetchException.Corrupt(name + " ends before its end");
        }
        checkTail(name, end.slice(last, TAIL).order(end.order()), file.length());
        long size = chunks == 0 ? 0 : end.getLong(0);
        if (size < chunks || size > chunks * header.most()) {
            throw new FetchException.Corrupt(
                    name
                            + " says that "
                            + chunks
                            + " chunks of at most "
                            + header.most()
                            + " bytes make an image of "
                            + Long.toUnsignedString(size));
        }
        return new Table(name, file, header, chunks, size);
    }

    /** The end of a file of so many chunks. */
    static void writeTail(ByteBuffer into, long chunks) {
        into.putLong(0)
                .putLong(0)
                .putLong(Header.LENGTH)
                .putLong(FRAME - Header.LENGTH + chunks * ITEM)
                .putLong(TAIL_MARK);
    }

    private static void checkTail(String name, ByteBuffer tail, long length)
            throws FetchException.Corrupt {
        if (tail.getLong(0) != 0
                || tail.getLong(Long.BYTES) != 0
                || tail.getLong(2 * Long.BYTES) != Header.LENGTH
                || tail.getLong(3 * Long.BYTES) != length - Header.LENGTH
                || tail.getLong(4 * Long.BYTES) != TAIL_MARK) {
            throw new FetchException.Corrupt(
                    name
                            + " does not end as an index of casync does: it was cut off, or is still"
                            + " written");
        }
    }

    /**
     * The items from one on, as many as told, little-endian, all of them.
     *
     * @param first at least 0
     */
    ByteBuffer items(ObjectReader objects, long first, int count)
            throws FetchException, InterruptedException {
        ByteBuffer items =
                objects.read(file.path(), Header.WITH_TABLE + first * ITEM, count * ITEM)
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN);
        if (items.remaining() != count * ITEM) {
            throw new FetchException.Corrupt(
                    name
                            + " gives "
                            + items.remaining()
                            + " of "
                            + count * ITEM
                            + " bytes of its table");
        }
        return items;
    }
}

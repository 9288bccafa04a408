package org.netloop.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * A file of the log: a head, then records one after the other. Its counts are guarded by the
 * journal's lock; it is read by many threads.
 *
 * <pre>
 *  0 u64 magic "NLoverly"   16 u64 nonce              40 u32 CRC-32C of bytes 0 to 39
 *  8 u32 version            24 u128 overlay's id
 * 12 u32 number
 * </pre>
 */
final class Segment {
    static final int HEAD = 64;

    private static final long MAGIC = 0x4E4C6F7665726C79L;
    private static final int VERSION = 1;
    private static final int CHECKED = 40;
    private static final int NONCE = 16;
    private static final String SUFFIX = ".log";
    private static final int RETIRED = Integer.MIN_VALUE;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final int number;
    private final long nonce;
    private final Storage.File file;

    /** Readers inside; the sign bit once it is retired, and then no new one may enter. */
    private final AtomicInteger readers = new AtomicInteger();

    private final CountDownLatch empty = new CountDownLatch(1);

    /** Position of the next record. */
    long end = HEAD;

    /** Number of units whose data are in this segment. */
    private long dataUnits;

    /** Number of units that are zeros because of a record in this segment. */
    private long zeroUnits;

    /** Bytes of the records of zeros; needed as long as one of those units is. */
    private long zeroBytes;

    private Segment(int number, long nonce, Storage.File file) {
        this.number = number;
        this.nonce = nonce;
        this.file = file;
    }

    /** Makes a segment whose head, but not its name, survives a power cut. */
    static Segment create(Storage storage, UUID overlay, int number) throws IOException {
        storage.delete(name(number)); // left by a process that died here, and part of nothing
        long nonce = RANDOM.nextLong();
        Storage.File file = storage.create(name(number));
        boolean made = false;
        try {
            ByteBuffer head = ByteBuffer.allocate(HEAD);
            head.putLong(MAGIC)
                    .putInt(VERSION)
                    .putInt(number)
                    .putLong(nonce)
                    .putLong(overlay.getMostSignificantBits())
                    .putLong(overlay.getLeastSignificantBits());
            head.putInt(crc(head)).position(0);
            file.write(head, 0);
            file.force();
            made = true;
            return new Segment(number, nonce, file);
        } finally {
            if (!made) {
                file.close();
                storage.delete(name(number));
            }
        }
    }

    /**
     * Opens a segment.
     *
     * @throws NotASegmentException if it has no records, nor a whole head: nothing is written
     *     behind a head before that is durable
     * @throws IOException if it has records, but not the head of a segment of this overlay
     */
    static Segment open(Storage storage, UUID overlay, int number) throws IOException {
        Storage.File file = storage.open(name(number));
        boolean opened = false;
        try {
            ByteBuffer head = ByteBuffer.allocate(HEAD);
            if (file.size() >= HEAD) {
                file.read(head, 0);
            }
            head.position(0);
            boolean right =
                    head.getLong() == MAGIC && head.getInt() == VERSION && head.getInt() == number;
            long nonce = head.getLong();
            UUID id = new UUID(head.getLong(), head.getLong());
            if (!right || head.getInt() != crc(head) || !id.equals(overlay)) {
                String told = "'" + name(number) + "' in " + storage.place();
                if (file.size() <= HEAD) {
                    throw new NotASegmentException(told + " was never finished");
                }
                throw new IOException(
                        told
                                + " is damaged, of another overlay than "
                                + overlay
                                + ", or of a later version of Netloop; restore the directory from a"
                                + " copy");
            }
            opened = true;
            return new Segment(number, nonce, file);
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    /**
     * Cuts a segment that nobody needs off behind an end record, which needs no room. That has the
     * number of its first record: those of the segments around it stay in order.
     */
    static void empty(Storage storage, int number) throws IOException {
        try (Storage.File file = storage.open(name(number))) {
            ByteBuffer raw = ByteBuffer.allocate(HEAD + Head.LENGTH);
            if (file.size() < raw.capacity()) {
                return;
            }
            file.read(raw, 0);
            long nonce = raw.getLong(NONCE);
            Head first = Head.parse(raw.position(HEAD), nonce);
            if (first != null) {
                Head end = new Head(Head.END, first.number(), first.durable(), 0, 0, 0);
                ByteBuffer record = ByteBuffer.allocate(Head.LENGTH);
                end.put(record, nonce);
                file.write(record.flip(), HEAD);
                // It ends the segment also if what is behind it is still there after a power cut.
                file.force();
                file.truncate(HEAD + Head.LENGTH);
            }
        }
    }

    /** A file of the log that its writer never finished making. */
    static final class NotASegmentException extends IOException {
        private static final long serialVersionUID = 1L;

        NotASegmentException(String message) {
            super(message);
        }
    }

    private static int crc(ByteBuffer head) {
        CRC32C crc = new CRC32C();
        crc.update(head.slice(0, CHECKED));
        return (int) crc.getValue();
    }

    static String name(int number) {
        return String.format(java.util.Locale.ROOT, "%08x", number) + SUFFIX;
    }

    /** The number of the segment of a name; -1 if it is not the name of one. */
    static int number(String name) {
        return name.matches("[0-7][0-9a-f]{7}\\.log")
                ? Integer.parseInt(name.substring(0, 8), 16)
                : -1;
    }

    int number() {
        return number;
    }

    long nonce() {
        return nonce;
    }

    Storage.File file() {
        return file;
    }

    /** Returns the number of its bytes that are no longer needed. */
    long dead() {
        return end
                - HEAD
                - dataUnits * (Place.UNIT + Head.LENGTH)
                - (zeroUnits > 0 ? zeroBytes : 0);
    }

    /**
     * Tells whether so much data goes to the next one; an empty one takes a record of any length.
     */
    boolean isFull(int length, Limits limits) {
        return end > HEAD && end + Head.LENGTH * 2L + length > limits.segmentLength();
    }

    /** Counts what a record in it says. */
    void add(int kind, long units) {
        if (kind == Head.DATA) {
            dataUnits += units;
        } else if (kind == Head.ZERO) {
            zeroUnits += units;
            zeroBytes += Head.LENGTH;
        }
    }

    /** Takes off units that lie elsewhere now. */
    void remove(long place, long units) {
        if (Place.isZero(place)) {
            zeroUnits -= units;
        } else {
            dataUnits -= units;
        }
    }

    /** Returns whether nothing of it is needed any more. */
    boolean isDead() {
        return dataUnits == 0 && zeroUnits == 0;
    }

    /** Reads data; false if it is retired: they lie elsewhere by now. */
    boolean read(ByteBuffer into, long position) throws IOException {
        if (!enter()) {
            return false;
        }
        try {
            file.read(into, position);
            return true;
        } finally {
            if (readers.decrementAndGet() == RETIRED) {
                empty.countDown();
            }
        }
    }

    private boolean enter() {
        int now = readers.get();
        while (now >= 0) {
            if (readers.compareAndSet(now, now + 1)) {
                return true;
            }
            now = readers.get();
        }
        return false;
    }

    /** Lets no more readers in, and waits for those inside: they only read from a local disk. */
    void retire() throws IOException, InterruptedException {
        if (readers.getAndUpdate(now -> now | RETIRED) == 0) {
            empty.countDown();
        }
        empty.await();
        file.close();
    }
}

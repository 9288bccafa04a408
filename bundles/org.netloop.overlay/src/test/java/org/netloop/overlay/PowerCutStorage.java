package org.netloop.overlay;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A storage in memory that knows what was forced. A power cut leaves what was forced, and of all
 * else any part: sectors of 512 bytes of writes, in any order, names made and names deleted. It may
 * come in the middle of what is being done. A force that fails leaves what the kernel remembers,
 * but will not write again.
 */
final class PowerCutStorage implements Storage {
    private static final int SECTOR = 512;

    /** Files as users see them. */
    private final Map<String, Content> live = new HashMap<>();

    /** Content that certainly survives. */
    private final Map<String, Content> durable = new HashMap<>();

    /** Bytes that its files may have together. */
    private long room = Long.MAX_VALUE;

    /** Number of changes that are made until the power is cut. */
    private int changes = Integer.MAX_VALUE;

    /** The power was cut while something was done. */
    static final class PowerCutException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** The kernel could not write what was forced. */
    static final class DiskFailedException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final class Content implements File {
        private byte[] bytes = new byte[0];
        private byte[] forced = new byte[0];
        private final List<Write> pending = new ArrayList<>();
        private boolean forceFails;

        /** Bytes at a position, or the end of the file if there are none. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Write(int position, byte @Nullable [] bytes) {}

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            if (position + into.remaining() > bytes.length) {
                throw new EOFException("the file ends");
            }
            into.put(bytes, (int) position, into.remaining());
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            change();
            byte[] written = new byte[from.remaining()];
            from.get(written);
            int end = (int) position + written.length;
            int more = Math.max(0, end - bytes.length);
            boolean full = more > room;
            byte[] fits =
                    full ? Arrays.copyOf(written, written.length - more + (int) room) : written;
            take(Math.min(more, room));
            bytes = put(bytes, (int) position, fits);
            pending.add(new Write((int) position, fits));
            if (full) {
                throw new StorageFullException("the disk is full");
            }
        }

        private static byte[] put(byte[] into, int position, byte[] bytes) {
            byte[] made = Arrays.copyOf(into, Math.max(into.length, position + bytes.length));
            System.arraycopy(bytes, 0, made, position, bytes.length);
            return made;
        }

        @Override
        public void force() throws IOException {
            change();
            byte[] written = forced;
            for (Write write : pending) {
                written = done(written, write);
            }
            pending.clear();
            if (forceFails) {
                forceFails = false;
                throw new DiskFailedException();
            }
            forced = written;
        }

        private static byte[] done(byte[] into, Write write) {
            byte[] part = write.bytes;
            return part == null
                    ? Arrays.copyOf(into, Math.min(into.length, write.position))
                    : put(into, write.position, part);
        }

        @Override
        public void truncate(long length) throws IOException {
            change();
            if (length < bytes.length) {
                take(length - bytes.length);
                bytes = Arrays.copyOf(bytes, (int) length);
                pending.add(new Write((int) length, null));
            }
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void close() {
            // It stays.
        }

        private Content afterCut(PowerCutStorage storage, Random random) {
            int percent = random.nextInt(4) == 0 ? 100 : random.nextInt(101);
            byte[] left = forced;
            for (Write write : pending) {
                for (Write part : sectors(write)) {
                    left = random.nextInt(100) < percent ? done(left, part) : left;
                }
            }
            Content content = storage.new Content();
            content.bytes = left.clone();
            content.forced = left.clone();
            return content;
        }

        private static List<Write> sectors(Write write) {
            byte[] whole = write.bytes;
            if (whole == null) {
                return List.of(write);
            }
            List<Write> sectors = new ArrayList<>();
            for (int at = 0; at < whole.length; ) {
                int end = Math.min(whole.length, at + SECTOR - (write.position + at) % SECTOR);
                byte[] part = Arrays.copyOfRange(whole, at, end);
                sectors.add(new Write(write.position + at, part));
                at = end;
            }
            return sectors;
        }
    }

    /** Cuts the power after so many changes: from then on every one fails. */
    void cutAfter(int wanted) {
        changes = wanted;
    }

    /** Lets the next force of every file fail that is there now. */
    void failForces() {
        live.values().forEach(content -> content.forceFails = true);
    }

    private void change() throws PowerCutException {
        if (changes == 0) {
            throw new PowerCutException();
        }
        changes -= changes == Integer.MAX_VALUE ? 0 : 1;
    }

    /** The disk after a power cut now. */
    PowerCutStorage cut(Random random) {
        PowerCutStorage left = new PowerCutStorage();
        Map<String, Content> names = new HashMap<>(durable);
        live.forEach(
                (name, content) -> {
                    if (durable.get(name) != content && random.nextBoolean()) {
                        names.put(name, content);
                    }
                });
        names.keySet().removeIf(name -> !live.containsKey(name) && random.nextBoolean());
        names.forEach((name, content) -> left.live.put(name, content.afterCut(left, random)));
        left.durable.putAll(left.live);
        return left;
    }

    /** The same disk without one of its files, to be read. */
    PowerCutStorage without(String name) {
        PowerCutStorage left = new PowerCutStorage();
        left.live.putAll(live);
        left.live.remove(name);
        return left;
    }

    void room(long bytes) {
        room = bytes;
    }

    private void take(long bytes) {
        room = room == Long.MAX_VALUE ? room : room - bytes;
    }

    @Override
    public String place() {
        return "a test";
    }

    @Override
    public File create(String name) throws IOException {
        change();
        Content fresh = new Content();
        live.put(name, fresh);
        return fresh;
    }

    @Override
    public File open(String name) throws IOException {
        Content there = live.get(name);
        if (there == null) {
            throw new FileNotFoundException(name);
        }
        return there;
    }

    @Override
    public List<String> names() {
        return List.copyOf(live.keySet());
    }

    @Override
    public void delete(String name) throws IOException {
        change();
        Content gone = live.remove(name);
        if (gone != null) {
            take(-gone.bytes.length);
        }
    }

    @Override
    public void sync() throws IOException {
        change();
        durable.clear();
        durable.putAll(live);
    }

    @Override
    public byte[] read(String name) throws IOException {
        if (!live.containsKey(name)) {
            throw new FileNotFoundException(name);
        }
        return live.get(name).bytes.clone();
    }

    @Override
    public void replace(String name, byte[] bytes) throws IOException {
        change();
        Content fresh = new Content();
        fresh.bytes = bytes.clone();
        fresh.forced = bytes.clone();
        live.put(name, fresh);
        durable.put(name, fresh);
    }

    @Override
    public void close() {
        // It stays.
    }
}

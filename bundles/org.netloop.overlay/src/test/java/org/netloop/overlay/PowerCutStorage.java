package org.netloop.overlay;

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
 * else any part: sectors of 512 bytes of writes, in any order, names made and names deleted.
 */
final class PowerCutStorage implements Storage {
    private static final int SECTOR = 512;

    /** Files as users see them. */
    private final Map<String, Content> live = new HashMap<>();

    /** Content that certainly survives. */
    private final Map<String, Content> durable = new HashMap<>();

    /** Bytes that its files may have together. */
    private long room = Long.MAX_VALUE;

    private final class Content implements File {
        private byte[] bytes = new byte[0];
        private byte[] forced = new byte[0];
        private final List<Write> pending = new ArrayList<>();

        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Write(int position, byte[] bytes) {}

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            if (position + into.remaining() > bytes.length) {
                throw new EOFException("the file ends");
            }
            into.put(bytes, (int) position, into.remaining());
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
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
        public void force() {
            forced = bytes.clone();
            pending.clear();
        }

        @Override
        public void truncate(long length) {
            if (length < bytes.length) {
                take(length - bytes.length);
                bytes = Arrays.copyOf(bytes, (int) length);
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
                for (int at = 0; at < write.bytes.length; ) {
                    int sector = SECTOR - (write.position + at) % SECTOR;
                    int end = Math.min(write.bytes.length, at + sector);
                    if (random.nextInt(100) < percent) {
                        byte[] part = Arrays.copyOfRange(write.bytes, at, end);
                        left = put(left, write.position + at, part);
                    }
                    at = end;
                }
            }
            Content content = storage.new Content();
            content.bytes = left.clone();
            content.forced = left.clone();
            return content;
        }
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
    public File create(String name) {
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
    public void delete(String name) {
        Content gone = live.remove(name);
        if (gone != null) {
            take(-gone.bytes.length);
        }
    }

    @Override
    public void sync() {
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
    public void replace(String name, byte[] bytes) {
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

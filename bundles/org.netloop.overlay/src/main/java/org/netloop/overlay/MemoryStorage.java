package org.netloop.overlay;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Files in native memory, which are gone with the process. Thread-safe. */
final class MemoryStorage implements Storage {
    private final Map<String, Pages> files = new ConcurrentHashMap<>();
    private final Map<String, byte[]> small = new ConcurrentHashMap<>();

    @Override
    public String place() {
        return "memory";
    }

    @Override
    public File create(String name) {
        Pages fresh = new Pages();
        files.put(name, fresh);
        return fresh;
    }

    @Override
    public File open(String name) throws IOException {
        Pages there = files.get(name);
        if (there == null) {
            throw new FileNotFoundException(name);
        }
        return there;
    }

    @Override
    public List<String> names() {
        List<String> all = new ArrayList<>(files.keySet());
        all.addAll(small.keySet());
        return all;
    }

    @Override
    public void delete(String name) {
        files.remove(name);
        small.remove(name);
    }

    @Override
    public void sync() {
        // Nothing of it survives anything.
    }

    @Override
    public byte[] read(String name) throws IOException {
        byte[] bytes = small.get(name);
        if (bytes == null) {
            throw new FileNotFoundException(name);
        }
        return bytes.clone();
    }

    @Override
    public void replace(String name, byte[] bytes) {
        small.put(name, bytes.clone());
    }

    @Override
    public void close() {
        // What nobody holds is freed by the collector.
    }

    /** One file. Its pages are never moved, so that a reader needs no lock. */
    private static final class Pages implements File {
        private static final int PAGE = 1 << 20;

        private volatile ByteBuffer[] pages = new ByteBuffer[0];
        private volatile long size;

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            if (position + into.remaining() > size) {
                throw new EOFException("an overlay in memory is shorter than it should be");
            }
            ByteBuffer[] all = pages;
            for (long at = position; into.hasRemaining(); ) {
                int inPage = (int) (at % PAGE);
                int count = Math.min(into.remaining(), PAGE - inPage);
                into.put(into.position(), all[(int) (at / PAGE)], inPage, count);
                into.position(into.position() + count);
                at += count;
            }
        }

        @Override
        public synchronized void write(ByteBuffer from, long position) throws IOException {
            grow(position + from.remaining());
            ByteBuffer[] all = pages;
            long at = position;
            while (from.hasRemaining()) {
                int inPage = (int) (at % PAGE);
                int count = Math.min(from.remaining(), PAGE - inPage);
                all[(int) (at / PAGE)].put(inPage, from, from.position(), count);
                from.position(from.position() + count);
                at += count;
            }
            size = Math.max(size, at);
        }

        private void grow(long length) throws StorageFullException {
            int wanted = (int) ((length + PAGE - 1) / PAGE);
            int have = pages.length;
            if (wanted <= have) {
                return;
            }
            ByteBuffer[] more = java.util.Arrays.copyOf(pages, wanted);
            try {
                for (int i = have; i < wanted; i++) {
                    more[i] = ByteBuffer.allocateDirect(PAGE);
                }
            } catch (OutOfMemoryError e) {
                throw new StorageFullException("there is no memory for more of the overlay", e);
            }
            pages = more;
        }

        @Override
        public void force() {
            // Nothing of it survives anything.
        }

        @Override
        public synchronized void truncate(long length) {
            size = Math.min(size, length);
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void close() {
            // Freed when nobody holds it.
        }
    }
}

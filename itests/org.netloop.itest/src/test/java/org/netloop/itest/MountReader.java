package org.netloop.itest;

import com.sun.nio.file.ExtendedOpenOption;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One opened file of a mount that is read here and there past the page cache, without end, and
 * compared with the image. It is opened once: nothing is tried again.
 */
final class MountReader implements AutoCloseable {
    private static final int PAGE = 4096;
    private static final int LONGEST = 64;

    private final Path file;
    private final Path image;
    private final Thread thread;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong reads = new AtomicLong();
    private volatile @Nullable String fault;

    /** Starts to read. */
    MountReader(Path file, Path image) {
        this.file = file;
        this.image = image;
        this.thread = Thread.ofPlatform().name("mount-reader").start(this::run);
    }

    /** Returns the number of correct reads. */
    long reads() {
        return reads.get();
    }

    /** Returns the first fault; null if there is none. */
    @Nullable String fault() {
        return fault;
    }

    private void run() {
        Random chance = new Random(1);
        try (FileChannel plain = FileChannel.open(image);
                FileChannel served =
                        FileChannel.open(
                                file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            while (!ended.get()) {
                int length = (1 + chance.nextInt(LONGEST)) * PAGE;
                long offset = chance.nextLong((plain.size() - length) / PAGE) * PAGE;
                if (!read(served, offset, length).equals(read(plain, offset, length))) {
                    throw new IOException("wrong bytes at " + offset);
                }
                reads.incrementAndGet();
            }
        } catch (IOException | RuntimeException e) {
            fault = e.toString();
        }
    }

    private static ByteBuffer read(FileChannel from, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(length + PAGE).alignedSlice(PAGE);
        bytes.limit(length);
        if (from.read(bytes, offset) != length) {
            throw new IOException("a short read at " + offset);
        }
        return bytes.flip();
    }

    @Override
    public void close() throws InterruptedException {
        ended.set(true);
        thread.join();
    }
}

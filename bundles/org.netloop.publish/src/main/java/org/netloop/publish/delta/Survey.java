package org.netloop.publish.delta;

import org.netloop.api.volume.Volumes.OpenVolume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads an image once and samples its blocks: by several threads, but in a fixed order, so that
 * equal images give equal answers.
 */
final class Survey {
    private static final int AHEAD = 4;

    private final OpenVolume image;
    private final int blockLength;
    private final Likeness likeness;

    private record Sampled(int block, Future<int[]> samples) {}

    private Survey(OpenVolume image) {
        this.image = image;
        this.blockLength = image.image().maxBlockLength();
        // Stored bytes are at least a sixteenth of the plain ones, holes apart: a rough bound.
        long stored = image.image().storedBytes();
        long plain = stored < 0 ? image.size() : Math.min(image.size(), 16 * stored);
        this.likeness = new Likeness(plain);
    }

    /**
     * Returns what the blocks of an image are like.
     *
     * @param workers number of threads
     */
    static Likeness of(OpenVolume image, int workers) throws IOException, InterruptedException {
        Survey survey = new Survey(image);
        try (ExecutorService threads =
                Executors.newFixedThreadPool(
                        workers,
                        Thread.ofPlatform().name("netloop-survey-", 0).daemon().factory())) {
            try {
                survey.run(threads, workers * AHEAD);
            } finally {
                threads.shutdownNow();
            }
        }
        return survey.likeness;
    }

    private void run(ExecutorService threads, int ahead) throws IOException, InterruptedException {
        Deque<Sampled> belt = new ArrayDeque<>();
        long size = image.size();
        for (long offset = 0; offset < size; offset += blockLength) {
            if (image.index().block(offset).isHole()) {
                continue;
            }
            long at = offset;
            Callable<int[]> sample = () -> samples(at);
            belt.add(new Sampled(Math.toIntExact(offset / blockLength), threads.submit(sample)));
            if (belt.size() > ahead) {
                add(belt.removeFirst());
            }
        }
        for (Sampled sampled : belt) {
            add(sampled);
        }
    }

    private int[] samples(long offset) throws IOException, InterruptedException {
        int length = (int) Math.min(blockLength, image.size() - offset);
        ByteBuffer plain = ByteBuffer.allocate(length);
        image.read(offset, plain);
        return Samples.of(plain.flip(), likeness.shift());
    }

    private void add(Sampled sampled) throws IOException, InterruptedException {
        try {
            likeness.add(sampled.block(), sampled.samples().get());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
        }
    }
}

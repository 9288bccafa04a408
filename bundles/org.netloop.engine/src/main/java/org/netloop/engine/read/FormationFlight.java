package org.netloop.engine.read;

import org.netloop.api.block.StoredBlock;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.fetch.Deadline;
import org.netloop.engine.lease.Trail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Fetches the blocks of a formation by one request; each is then verified, decoded and landed by
 * itself. Whatever goes wrong with the request, or with a block of it, sends those it concerns on a
 * flight of their own: a formation never fails a read. Used by one thread.
 */
final class FormationFlight {
    private static final Logger LOG = LoggerFactory.getLogger(FormationFlight.class);

    private final StoredBlocks storedBlocks;
    private final BufferPool.Share buffers;
    private final Landing landing;
    private final Watch watch;

    /** Where a block goes when its plain bytes are there. */
    @FunctionalInterface
    interface Landing {
        /**
         * @param plain from 0 to its position
         */
        void land(Departure departure, ByteBuffer plain);
    }

    FormationFlight(
            StoredBlocks storedBlocks, BufferPool.Share buffers, Landing landing, Watch watch) {
        this.storedBlocks = storedBlocks;
        this.buffers = buffers;
        this.landing = landing;
        this.watch = watch;
    }

    /**
     * Lands what it can.
     *
     * @param members in the order of their stored blocks
     * @param time how long the request may take, once there is memory for what it brings
     * @return those that did not land
     */
    List<Departure> fly(List<Departure> members, Duration time) throws InterruptedException {
        StoredBlock first = members.getFirst().stored();
        long end = members.stream().mapToLong(one -> endOf(one.stored())).max().orElseThrow();
        int length = (int) (end - first.position());
        int plain = members.stream().mapToInt(one -> one.block().length()).sum();
        try (BufferPool.Pair pair = buffers.take(length, plain)) {
            for (Departure one : members) {
                one.flight().carries(pair);
            }
            ByteBuffer range = pair.first().limit(length);
            fetch(members, range, time);
            return landAll(members, range.flip(), pair.second());
        } catch (FetchException e) {
            LOG.debug("its blocks are fetched one by one: {}", e.getMessage());
            return members;
        }
    }

    private void fetch(List<Departure> members, ByteBuffer range, Duration time)
            throws FetchException, InterruptedException {
        List<Watch.Trip> trips =
                members.stream()
                        .map(
                                one ->
                                        watch.begins(
                                                one.block(),
                                                one.stored().length(),
                                                FetchPurpose.DEMAND))
                        .toList();
        boolean good = false;
        try {
            storedBlocks.fetchRange(
                    members.size() + " blocks from the " + members.getFirst().name(),
                    members.getFirst().stored(),
                    range,
                    Deadline.in(time));
            good = true;
        } finally {
            for (int i = 0; i < trips.size(); i++) {
                trips.get(i).ended(good ? members.get(i).stored().length() : 0, good);
            }
        }
    }

    private static long endOf(StoredBlock stored) {
        return stored.position() + stored.length();
    }

    /** Memory for all of them was taken together, so that nobody waits for it in here. */
    private List<Departure> landAll(List<Departure> members, ByteBuffer range, ByteBuffer plain) {
        long begin = members.getFirst().stored().position();
        Queue<Departure> left = new ConcurrentLinkedQueue<>();
        int at = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Departure one : members) {
                StoredBlock stored = one.stored();
                ByteBuffer bytes = range.slice((int) (stored.position() - begin), stored.length());
                ByteBuffer into = plain.slice(at, one.block().length());
                at += one.block().length();
                threads.execute(
                        Trail.along(
                                () -> {
                                    if (!land(one, bytes, into)) {
                                        left.add(one);
                                    }
                                }));
            }
        }
        return List.copyOf(left);
    }

    private boolean land(Departure one, ByteBuffer bytes, ByteBuffer plain) {
        try {
            storedBlocks.decodeFetched(one.stored(), bytes.duplicate(), plain);
            landing.land(one, plain);
        } catch (FetchException | RuntimeException | LinkageError e) {
            LOG.debug("{} is fetched by itself: {}", one.name(), e.toString());
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
        storedBlocks.keep(one.stored(), bytes.position(bytes.limit()));
        return true;
    }
}

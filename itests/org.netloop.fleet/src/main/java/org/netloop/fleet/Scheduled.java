package org.netloop.fleet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Proxies on all machines, a scheduler that tells each who has a block, and a seed, which alone
 * fetches from afar: Dragonfly with a seed peer, each block a task of its own, which is one piece.
 * Machines that wait for a block get it along a tree, whose nodes are those that have it already.
 */
final class Scheduled implements Tier {
    /** Holders that the scheduler compares before it names the least busy one. */
    private static final int COMPARED = 4;

    /** Waiting machines that one that has got a block is sent at a time. */
    private static final int CHILDREN = 2;

    private record Wish(int machine, int block, Runnable arrived) {}

    private final Site site;
    private final Peers peers;
    private final List<List<Integer>> holders = new ArrayList<>();
    private final Map<Integer, Queue<Wish>> waiting = new HashMap<>();

    Scheduled(Site site) {
        this.site = site;
        peers = new Peers(site);
        for (int i = 0; i < site.trace.blocks(); i++) {
            holders.add(new ArrayList<>());
        }
    }

    @Override
    public double opening() {
        return OPENING * site.place.distance();
    }

    @Override
    public void fetch(int machine, int block, Runnable arrived) {
        // The round trip to the scheduler.
        site.simulation.after(site.place.near(), () -> schedule(new Wish(machine, block, arrived)));
    }

    private void schedule(Wish wish) {
        Queue<Wish> before = waiting.get(wish.block());
        if (before != null && !before.isEmpty()) {
            before.add(wish);
            return;
        }
        List<Integer> having = holders.get(wish.block());
        if (!having.isEmpty()) {
            send(leastBusy(having), wish);
        } else if (before != null) {
            before.add(wish);
        } else {
            waiting.put(wish.block(), new ArrayDeque<>(List.of(wish)));
            site.fetchFromAfar(wish.block(), () -> hold(site.machines, wish.block()));
        }
    }

    private void hold(int machine, int block) {
        holders.get(block).add(machine);
        for (int i = 0; i < CHILDREN; i++) {
            serveNext(machine, block);
        }
    }

    private void serveNext(int machine, int block) {
        Queue<Wish> queue = waiting.get(block);
        Wish next = queue == null ? null : queue.poll();
        if (next != null) {
            send(machine, next);
        }
    }

    private void send(int from, Wish wish) {
        peers.send(
                from,
                wish.machine(),
                wish.block(),
                () -> {
                    serveNext(from, wish.block());
                    hold(wish.machine(), wish.block());
                    wish.arrived().run();
                });
    }

    private int leastBusy(List<Integer> having) {
        int best = having.get(peers.any(having.size()));
        for (int i = 1; i < COMPARED; i++) {
            int other = having.get(peers.any(having.size()));
            best = peers.free(other) < peers.free(best) ? other : best;
        }
        return best;
    }
}

package org.netloop.fleet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * A server of the site that fetches each block once: whoever asks for a block that is coming waits
 * for it. It passes a block on when it has it whole.
 */
final class Cache implements Tier {
    /**
     * Ways in which caches differ.
     *
     * @param opening seconds until the first block of a machine may be asked for
     * @param poll seconds between two looks of a request that waits for another one's fetch; 0: it
     *     is told
     * @param rounds round trips of a fetch beyond the site
     * @param places most requests that are answered at a time; others wait their turn
     */
    record Manner(double opening, double poll, int rounds, int places) {}

    private record Request(double since, int block, Runnable arrived) {}

    private final Site site;
    private final Manner manner;
    private final Upstream upstream;
    private final Site.Wire wire;
    private final BitSet here = new BitSet();
    private final Map<Integer, List<Request>> coming = new HashMap<>();
    private final Queue<Request> queue = new ArrayDeque<>();
    private int taken;

    /** Source of the blocks that a cache lacks. */
    interface Upstream {
        void fetch(int block, Runnable arrived);
    }

    Cache(Site site, Manner manner, Upstream upstream) {
        this.site = site;
        this.manner = manner;
        this.upstream = upstream;
        wire = site.wire();
    }

    /** Makes a cache that is filled from the distant mirror. */
    static Cache distant(Site site, Manner manner) {
        double talk = (manner.rounds() - 1) * site.place.distance();
        return new Cache(
                site,
                manner,
                (block, arrived) ->
                        site.simulation.after(talk, () -> site.fetchFromAfar(block, arrived)));
    }

    @Override
    public double opening() {
        return manner.opening();
    }

    @Override
    public void fetch(int machine, int block, Runnable arrived) {
        site.simulation.after(
                site.place.near(),
                () -> receive(new Request(site.simulation.now(), block, arrived)));
    }

    private void receive(Request request) {
        if (taken < manner.places()) {
            taken++;
            answer(request);
        } else {
            queue.add(request);
        }
    }

    private void answer(Request request) {
        int block = request.block();
        if (here.get(block)) {
            send(request);
            return;
        }
        List<Request> waiting = coming.get(block);
        if (waiting != null) {
            waiting.add(request);
            return;
        }
        coming.put(block, new ArrayList<>());
        upstream.fetch(block, () -> filled(request));
    }

    private void filled(Request first) {
        here.set(first.block());
        send(first);
        List<Request> waiting = coming.remove(first.block());
        if (waiting != null) {
            waiting.forEach(this::wake);
        }
    }

    private void wake(Request request) {
        if (manner.poll() == 0) {
            send(request);
            return;
        }
        double waited = site.simulation.now() - request.since();
        double looks = Math.ceil(waited / manner.poll());
        site.simulation.after(looks * manner.poll() - waited, () -> send(request));
    }

    private void send(Request request) {
        wire.send(
                request.block(),
                () -> {
                    request.arrived().run();
                    taken--;
                    Request next = queue.poll();
                    if (next != null) {
                        taken++;
                        answer(next);
                    }
                });
    }
}

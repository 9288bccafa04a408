package org.netloop.fleet;

import java.util.List;
import java.util.PriorityQueue;

/**
 * A way over links. Its transfers all have the same rate at any time, so that only the bytes that
 * each of them would have got are counted, and a transfer is over when that count reaches its own
 * mark: as many may be under way as memory holds.
 */
final class Route {
    private record Transfer(double mark, long number, Runnable end)
            implements Comparable<Transfer> {
        @Override
        public int compareTo(Transfer other) {
            int order = Double.compare(mark, other.mark);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    private final List<Link> links;
    private final double most;
    private final PriorityQueue<Transfer> transfers = new PriorityQueue<>();
    private double served;
    private double rate;
    private boolean shared;
    private long numbers;

    /**
     * Makes a way without transfers.
     *
     * @param most rate of a single transfer, in bytes a second: that of a machine's own interface
     */
    Route(double most, Link... links) {
        this.most = most;
        this.links = List.of(links);
    }

    List<Link> links() {
        return links;
    }

    void add(double bytes, Runnable end) {
        transfers.add(new Transfer(served + bytes, numbers++, end));
    }

    /** Returns how many transfers are under way. */
    int transfers() {
        return transfers.size();
    }

    /** Returns the rate of each transfer, in bytes a second. */
    double rate() {
        return rate;
    }

    void advance(double seconds) {
        double bytes = seconds * rate;
        served += bytes;
        for (Link link : links) {
            link.carry(bytes * transfers.size());
        }
    }

    /** Returns the seconds until the first transfer ends at the present rate; there must be one. */
    double untilNext() {
        return Math.max(0, (transfers.element().mark() - served) / rate);
    }

    /** Ends the transfer that was due, and returns what then happens. */
    Runnable takeNext() {
        Transfer transfer = transfers.remove();
        // As due, whatever the sum of many small steps was rounded to.
        served = transfer.mark();
        if (transfers.isEmpty()) {
            served = 0;
        }
        return transfer.end();
    }

    void beginSharing() {
        shared = transfers.isEmpty();
        for (Link link : links) {
            link.count(transfers.size());
        }
    }

    boolean isShared() {
        return shared;
    }

    /** Returns the rate that the links would give each transfer, or its own most. */
    double wanted() {
        double share = most;
        for (Link link : links) {
            share = Math.min(share, link.share());
        }
        return share;
    }

    void grant(double each) {
        rate = each;
        shared = true;
        for (Link link : links) {
            link.grant(transfers.size(), each);
        }
    }
}

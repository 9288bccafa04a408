package org.netloop.fleet;

/** One direction of a cable or an interface, whose capacity all transfers over it share. */
final class Link {
    private final double capacity;
    private double carried;

    // Of the sharing under way: see Network.share.
    private double left;
    private long flows;

    /**
     * Makes an idle link.
     *
     * @param capacity bytes a second, positive
     */
    Link(double capacity) {
        this.capacity = capacity;
    }

    /** Returns the bytes that have passed. */
    double carried() {
        return carried;
    }

    void carry(double bytes) {
        carried += bytes;
    }

    void beginSharing() {
        left = capacity;
        flows = 0;
    }

    void count(long transfers) {
        flows += transfers;
    }

    /** Gives {@code transfers} a rate each, which is fixed from then on. */
    void grant(long transfers, double rate) {
        left = Math.max(0, left - transfers * rate);
        flows -= transfers;
    }

    /** Returns what each transfer without a rate could have, in bytes a second. */
    double share() {
        return flows == 0 ? Double.POSITIVE_INFINITY : left / flows;
    }
}

package org.netloop.fleet;

/** The links of one run, and what all of its ways to get blocks need. */
final class Site {
    final Simulation simulation = new Simulation();
    final Place place;
    final Trace trace;
    final int machines;
    final long seed;

    private final Network outside = simulation.network();
    private final Link uplink;
    private final Route away;

    Site(Place place, Trace trace, int machines, long seed) {
        this.place = place;
        this.trace = trace;
        this.machines = machines;
        this.seed = seed;
        uplink = new Link(place.uplink());
        away = outside.route(place.machine(), uplink);
    }

    /** Returns the bytes that came over the distant link. */
    double distantBytes() {
        return uplink.carried();
    }

    /** Sends a block over the distant link, without the request for it. */
    void sendFromAfar(int block, Runnable arrived) {
        simulation.send(outside, away, trace.bytes()[block], arrived);
    }

    /** Asks the distant mirror for a block. */
    void fetchFromAfar(int block, Runnable arrived) {
        simulation.after(place.distance(), () -> sendFromAfar(block, arrived));
    }

    /**
     * Returns a way for blocks from a server of the site to its clients, which share its interface.
     */
    Wire wire() {
        Network network = simulation.network();
        Route route = network.route(place.machine(), new Link(place.server()));
        return (block, arrived) -> simulation.send(network, route, trace.bytes()[block], arrived);
    }

    /** A cable that blocks are sent over. */
    interface Wire {
        void send(int block, Runnable arrived);
    }
}

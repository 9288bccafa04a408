package org.netloop.fleet;

import java.util.Random;

/**
 * Interfaces of machines that send each other blocks. Each interface sends, and receives, one block
 * after the other: within a site one takes a millisecond, so that sharing would not differ from it.
 * What the switches carry is shared fairly.
 */
final class Peers {
    private final Site site;
    private final double[] sends;
    private final double[] receives;
    private final Network network;
    private final Route fabric;
    private final Random chance;

    /** Makes interfaces of all machines, and of one server whose number is that of the machines. */
    Peers(Site site) {
        this.site = site;
        sends = new double[site.machines + 1];
        receives = new double[site.machines + 1];
        network = site.simulation.network();
        fabric = network.route(rate(site.machines), new Link(site.place.fabric()));
        chance = new Random(site.seed);
    }

    /** Returns a number below {@code bound}. */
    int any(int bound) {
        return chance.nextInt(bound);
    }

    /** Returns when a machine has sent what it was asked for, in seconds. */
    double free(int machine) {
        return sends[machine];
    }

    /**
     * Sends a block, which takes a round trip for its request. The sender goes on with its next one
     * when it has sent this one, even if the receiver is still busy with others.
     */
    void send(int from, int to, int block, Runnable arrived) {
        int bytes = site.trace.bytes()[block];
        double now = site.simulation.now();
        double begin = Math.max(now + site.place.near(), sends[from]);
        sends[from] = begin + bytes / rate(from);
        receives[to] = Math.max(begin, receives[to]) + bytes / rate(to);
        double received = receives[to];
        site.simulation.after(
                begin - now,
                () -> site.simulation.send(network, fabric, bytes, () -> at(received, arrived)));
    }

    private void at(double time, Runnable action) {
        site.simulation.after(Math.max(0, time - site.simulation.now()), action);
    }

    private double rate(int machine) {
        return machine == site.machines ? site.place.server() : site.place.machine();
    }
}

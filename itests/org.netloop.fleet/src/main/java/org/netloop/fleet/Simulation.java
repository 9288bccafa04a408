package org.netloop.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Clock of one run, and what is to happen in it. Used by one thread; the same input gives the same
 * run.
 */
final class Simulation {
    private record Event(double at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int order = Double.compare(at, other.at);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> agenda = new PriorityQueue<>();
    private final List<Network> networks = new ArrayList<>();
    private double now;
    private long numbers;

    /** Returns the time, in seconds from the begin of the run. */
    double now() {
        return now;
    }

    /** Makes links of their own. */
    Network network() {
        Network network = new Network();
        networks.add(network);
        return network;
    }

    /** Has something happen later. */
    void after(double seconds, Runnable action) {
        agenda.add(new Event(now + seconds, numbers++, action));
    }

    /** Sends bytes over a way of a network, from now on. */
    void send(Network network, Route route, double bytes, Runnable end) {
        network.start(now, route, bytes, end);
    }

    /** Runs until nothing is left to happen. */
    void run() {
        while (true) {
            double end = Double.POSITIVE_INFINITY;
            Network first = null;
            for (Network network : networks) {
                if (network.next() < end) {
                    end = network.next();
                    first = network;
                }
            }
            if (first != null && (agenda.isEmpty() || end <= agenda.element().at())) {
                now = Math.max(now, end);
                first.takeNext().run();
            } else if (agenda.isEmpty()) {
                return;
            } else {
                now = Math.max(now, agenda.element().at());
                agenda.remove().action().run();
            }
        }
    }
}

package org.netloop.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One run: so many machines that are switched on within a time, drawn evenly. */
record Run(Place place, Kind kind, Trace trace, int machines, Clock clock) {
    /**
     * Times at which machines start, and how far ahead of their reads they fetch.
     *
     * @param within seconds in which all are switched on
     * @param ahead most fetches of a machine at a time; 0: without a profile
     */
    record Clock(double within, int ahead, long seed) {}

    /**
     * Runs it.
     *
     * @throws IllegalStateException if a machine did not come up: a fault of the simulation
     */
    Outcome outcome() {
        Site site = new Site(place, trace, machines, clock.seed());
        Tier tier = kind.make(site);
        Random chance = new Random(clock.seed());
        List<Machine> fleet = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            Machine machine = new Machine(i, site, tier, clock.ahead());
            fleet.add(machine);
            // The first one at once: the run begins with it.
            double start = i == 0 ? 0 : chance.nextDouble() * clock.within();
            site.simulation.after(start, machine::start);
        }
        site.simulation.run();
        if (!fleet.stream().allMatch(Machine::isUp)) {
            throw new IllegalStateException(kind.label() + ": a machine waits for ever");
        }
        double[] took = fleet.stream().mapToDouble(Machine::took).sorted().toArray();
        double up = fleet.stream().mapToDouble(Machine::up).max().orElse(0);
        return new Outcome(
                place,
                kind,
                machines,
                site.distantBytes(),
                took[0],
                took[took.length / 2],
                took[took.length - 1],
                up);
    }
}

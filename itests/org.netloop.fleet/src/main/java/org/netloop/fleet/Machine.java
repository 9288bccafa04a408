package org.netloop.fleet;

import java.util.Arrays;

/**
 * A machine that boots along the trace: its blocks are fetched ahead in the order of the profile,
 * so many at a time, and its system reads them with its pauses, and waits for those that are not
 * there.
 */
final class Machine {
    private final int number;
    private final Site site;
    private final Tier tier;
    private final int ahead;
    private final double[] arrivals;
    private double begun;

    /** Time to which the system has come, and the block that it reads next. */
    private double clock;

    private int reading;
    private int asked;
    private int underWay;

    /**
     * Makes a machine that is off.
     *
     * @param ahead most fetches at a time; 0: a block is fetched when it is read, without a profile
     */
    Machine(int number, Site site, Tier tier, int ahead) {
        this.number = number;
        this.site = site;
        this.tier = tier;
        this.ahead = ahead;
        arrivals = new double[site.trace.blocks()];
        Arrays.fill(arrivals, Double.NaN);
    }

    /** Switches it on. */
    void start() {
        begun = site.simulation.now();
        clock = begun;
        site.simulation.after(tier.opening(), this::ask);
    }

    /** Returns whether its system is up. */
    boolean isUp() {
        return reading == arrivals.length;
    }

    /** Returns how long its boot took, in seconds. */
    double took() {
        return clock - begun;
    }

    /** Returns when it was up, in seconds from the begin of the run. */
    double up() {
        return clock;
    }

    private void ask() {
        if (ahead == 0) {
            if (!isUp()) {
                double due = clock + site.trace.pauses()[reading];
                double pause = Math.max(0, due - site.simulation.now());
                site.simulation.after(pause, this::fetchNext);
            }
            return;
        }
        while (underWay < ahead && asked < arrivals.length) {
            fetchNext();
        }
    }

    private void fetchNext() {
        int block = asked++;
        underWay++;
        tier.fetch(number, block, () -> arrive(block));
    }

    private void arrive(int block) {
        underWay--;
        arrivals[block] = site.simulation.now();
        while (!isUp() && !Double.isNaN(arrivals[reading])) {
            clock = Math.max(clock + site.trace.pauses()[reading], arrivals[reading]);
            reading++;
        }
        ask();
    }
}

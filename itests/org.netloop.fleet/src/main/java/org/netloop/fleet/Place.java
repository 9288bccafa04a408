package org.netloop.fleet;

/**
 * Links and distances of a place. Rates are in bytes a second, round trips in seconds.
 *
 * @param uplink the distant link, which all machines share
 * @param distance round trip over it, to the mirror
 * @param machine the interface of one machine, in each direction
 * @param server the interface of a site cache
 * @param fabric what the switches carry between machines, in all
 * @param near round trip within the site
 */
record Place(
        String name,
        double uplink,
        double distance,
        double machine,
        double server,
        double fabric,
        double near) {

    /** Bytes a second of a megabit. */
    static final double MEGABIT = 125_000;

    private static final double GIGABIT = 1000 * MEGABIT;

    static final Place OFFICE =
            new Place("office", 100 * MEGABIT, 0.020, GIGABIT, GIGABIT, 100 * GIGABIT, 0.0005);

    static final Place CAMPUS =
            new Place("campus", GIGABIT, 0.030, GIGABIT, 10 * GIGABIT, 40 * GIGABIT, 0.001);

    static final Place CLOUD =
            new Place(
                    "cloud region",
                    10 * GIGABIT,
                    0.080,
                    10 * GIGABIT,
                    25 * GIGABIT,
                    1000 * GIGABIT,
                    0.001);

    /**
     * Reads a place of the caller's own: {@code NAME:UPLINK:MS:MACHINE:SERVER:FABRIC:MS}, rates in
     * Mbit/s, round trips in milliseconds.
     */
    static Place parse(String text) {
        String[] fields = text.split(":", -1);
        return new Place(
                fields[0],
                rate(fields[1]),
                seconds(fields[2]),
                rate(fields[3]),
                rate(fields[4]),
                rate(fields[5]),
                seconds(fields[6]));
    }

    private static double rate(String megabits) {
        return Double.parseDouble(megabits) * MEGABIT;
    }

    private static double seconds(String milliseconds) {
        return Double.parseDouble(milliseconds) / 1000;
    }
}

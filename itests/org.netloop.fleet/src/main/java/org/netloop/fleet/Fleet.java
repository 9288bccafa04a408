package org.netloop.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The program: runs each place with each tier and each number of machines, and prints a table. */
final class Fleet {
    private static final String HELP =
            """
            Simulates machines of a site that boot within a minute, by what stands between them and the distant mirror.

                fleet [--machines N,...] [--places NAME,...] [--tiers NAME,...] [--place SPEC] [--trace FILE]
                      [--ahead N] [--within S] [--seed N] [--json FILE] [--svg FILE]

            --machines  default 1,10,100,1000,10000
            --places    office, campus, cloud (default: all)
            --tiers     none, nginx, varnish, gateway, gateways, redis, dragonfly, torrent, ipfs (default: all)
            --place     one of your own instead: NAME:UPLINK:MS:MACHINE:SERVER:FABRIC:MS, rates in Mbit/s, round trips
            --trace     lines of 'MILLISECONDS BYTES': when a boot first wants each block, and its stored size; default: a
                        synthetic one of 540 blocks, 43.9 MB and 14.6 s of pauses, as a boot of the benchmark image was measured
            --ahead     most fetches of a machine at a time, along its profile (default 128); 0: without a profile
            --join      blocks that are fetched as one (default 1; from 10000 machines on 5, but for torrent)
            --within    seconds in which all machines are switched on (default 60)

            What the models assume is said in docs/site.md.
            """;

    private static final Set<String> OPTIONS =
            Set.of(
                    "machines",
                    "places",
                    "tiers",
                    "place",
                    "trace",
                    "ahead",
                    "within",
                    "seed",
                    "json",
                    "svg");

    private static final Map<String, Place> PLACES =
            Map.of("office", Place.OFFICE, "campus", Place.CAMPUS, "cloud", Place.CLOUD);

    private static final int MANY = 10_000;
    private static final int BLOCKS = 540;
    private static final double STORED = 43.9e6;
    private static final double PAUSED = 14.6;

    private final Map<String, String> options;

    private Fleet(Map<String, String> options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i].replaceFirst("^--", "");
            if (!OPTIONS.contains(name) || i + 1 == arguments.length) {
                System.out.print(HELP);
                System.exit(name.equals("help") ? 0 : 2);
            }
            options.put(name, arguments[i + 1]);
        }
        new Fleet(options).run();
    }

    private String option(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    private List<String> options(String name, String otherwise) {
        return Arrays.asList(option(name, otherwise).split(",", -1));
    }

    private List<Place> places() {
        if (options.containsKey("place")) {
            return List.of(Place.parse(option("place", "")));
        }
        return options("places", "office,campus,cloud").stream()
                .map(name -> PLACES.getOrDefault(name, Place.OFFICE))
                .toList();
    }

    private List<Kind> tiers() {
        if (!options.containsKey("tiers")) {
            return List.of(Kind.values());
        }
        return options("tiers", "").stream()
                .map(name -> Kind.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
    }

    private Trace trace() throws IOException {
        return options.containsKey("trace")
                ? Trace.read(Path.of(option("trace", "")))
                : Trace.synthetic(BLOCKS, STORED, PAUSED, seed());
    }

    /**
     * Returns how many blocks count as one: a run of ten thousand machines takes seconds instead of
     * minutes. Not where a piece is drawn from those that come next: fewer are worse to draw from.
     */
    private int joined(Kind kind, int machines) {
        boolean fine = machines < MANY || kind == Kind.TORRENT;
        return Integer.parseInt(option("join", fine ? "1" : "5"));
    }

    private Run run(Place place, Kind kind, int machines, Trace trace) {
        int joined = joined(kind, machines);
        int ahead = Integer.parseInt(option("ahead", "128"));
        Run.Clock clock =
                new Run.Clock(
                        Double.parseDouble(option("within", "60")),
                        (ahead + joined - 1) / joined,
                        seed());
        return new Run(place, kind, trace.joined(joined), machines, clock);
    }

    private long seed() {
        return Long.parseLong(option("seed", "1"));
    }

    private void run() throws IOException {
        Trace trace = trace();
        List<Outcome> outcomes = new ArrayList<>();
        for (Place place : places()) {
            for (Kind kind : tiers()) {
                for (String machines : options("machines", "1,10,100,1000,10000")) {
                    long began = System.nanoTime();
                    outcomes.add(run(place, kind, Integer.parseInt(machines), trace).outcome());
                    System.err.printf(
                            "%s, %s, %s: %.1f s%n",
                            place.name(),
                            kind.label(),
                            machines,
                            (System.nanoTime() - began) / 1e9);
                }
            }
        }
        print(trace, outcomes);
    }

    private void print(Trace trace, List<Outcome> outcomes) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%d blocks, %.1f MB, %.1f s without waiting%n%n",
                trace.blocks(),
                trace.stored() / 1e6,
                trace.shortest());
        System.out.print(Report.table(outcomes, trace.stored()));
        if (options.containsKey("json")) {
            Files.writeString(Path.of(option("json", "")), Report.json(outcomes));
        }
        if (options.containsKey("svg")) {
            Files.writeString(Path.of(option("svg", "")), Plot.of(outcomes));
        }
    }
}

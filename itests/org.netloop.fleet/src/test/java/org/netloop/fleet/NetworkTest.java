package org.netloop.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class NetworkTest {
    private static final double UNBOUNDED = 1e12;
    private static final Offset<Double> EXACT = within(1e-6);

    private final Simulation simulation = new Simulation();
    private final Network network = simulation.network();
    private final List<Double> ends = new ArrayList<>();

    private void send(Route route, double bytes) {
        simulation.send(network, route, bytes, () -> ends.add(simulation.now()));
    }

    @Test
    void twoTransfersHalveALinkAndTheLongerOneHasItAloneAfterwards() {
        Route route = network.route(UNBOUNDED, new Link(100));
        send(route, 100);
        send(route, 300);
        simulation.run();
        // 50 each until the first is over at 2; 200 are left of the second, at 100.
        assertThat(ends.get(0)).isEqualTo(2, EXACT);
        assertThat(ends.get(1)).isEqualTo(4, EXACT);
    }

    @Test
    void aTransferThatComesLaterSlowsTheFirst() {
        Route route = network.route(UNBOUNDED, new Link(100));
        send(route, 100);
        simulation.after(0.5, () -> send(route, 100));
        simulation.run();
        // 50 alone, then 50 at half of the link; the second has 50 left then.
        assertThat(ends.get(0)).isEqualTo(1.5, EXACT);
        assertThat(ends.get(1)).isEqualTo(2, EXACT);
    }

    @Test
    void aTransferBoundByItsOwnInterfaceLeavesTheRestToOthers() {
        Link link = new Link(100);
        send(network.route(20, link), 20);
        send(network.route(UNBOUNDED, link), 80);
        simulation.run();
        assertThat(ends.get(0)).isEqualTo(1, EXACT);
        assertThat(ends.get(1)).isEqualTo(1, EXACT);
    }

    /** The textbook's line: one transfer over both links, one over each. */
    @Test
    void sharesAreMaxMinFairOverSeveralLinks() {
        Link narrow = new Link(10);
        Link wide = new Link(100);
        send(network.route(UNBOUNDED, narrow, wide), 5);
        send(network.route(UNBOUNDED, narrow), 5);
        send(network.route(UNBOUNDED, wide), 95);
        simulation.run();
        // 5 and 5 of the narrow link, and what that leaves of the wide one: all end after 1.
        assertThat(ends).hasSize(3).allSatisfy(end -> assertThat(end).isEqualTo(1, EXACT));
    }

    /** n transfers of sizes 1, 2 … n that start together end as processor sharing has it. */
    @Test
    void manyTransfersEndAsTheClosedFormSays() {
        int n = 50;
        Route route = network.route(UNBOUNDED, new Link(10));
        for (int size = n; size > 0; size--) {
            send(route, size);
        }
        simulation.run();
        for (int i = 1; i <= n; i++) {
            // The i smallest are through, and each larger one has got i.
            double served = i * (i + 1) / 2.0 + (n - i) * (double) i;
            assertThat(ends.get(i - 1)).isEqualTo(served / 10, EXACT);
        }
    }

    @Test
    void linksCarryWhatWasSentAndNoMoreThanTheyCan() {
        Link uplink = new Link(1000);
        Link floor = new Link(700);
        List<Route> routes =
                List.of(
                        network.route(UNBOUNDED, uplink),
                        network.route(300, uplink, floor),
                        network.route(UNBOUNDED, floor));
        Random chance = new Random(14);
        double[] sent = new double[3];
        for (int i = 0; i < 3000; i++) {
            int way = chance.nextInt(3);
            double bytes = 1 + chance.nextInt(1000);
            sent[way] += bytes;
            simulation.after(chance.nextDouble() * 100, () -> send(routes.get(way), bytes));
        }
        simulation.run();
        assertThat(ends).hasSize(3000);
        assertThat(uplink.carried()).isEqualTo(sent[0] + sent[1], within(1.0));
        assertThat(floor.carried()).isEqualTo(sent[1] + sent[2], within(1.0));
        double over = simulation.now();
        assertThat(uplink.carried()).isLessThanOrEqualTo(1000 * over + 1);
        assertThat(floor.carried()).isLessThanOrEqualTo(700 * over + 1);
    }
}

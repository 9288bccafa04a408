package org.netloop.mirror;

import org.netloop.api.mirror.MirrorState;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * Orders mirrors by a cost: those that may be asked before those at rest, the cheap before the
 * dear. A mirror moves up only if it is clearly cheaper, so that equal ones do not change places
 * all the time; one that was never measured gets a turn now and then. Thread-safe.
 */
final class CostOrder {
    /** A mirror has to be cheaper by a fifth to be preferred to one that stands before it. */
    private static final double CLEARLY = 0.8;

    /** Each so many orders, mirrors of unknown cost come first. */
    private static final int TURN = 16;

    private final AtomicLong orders = new AtomicLong();

    List<MirrorState> order(List<MirrorState> mirrors, ToDoubleFunction<MirrorState> cost) {
        boolean unknownFirst = orders.getAndIncrement() % TURN == 0;
        List<MirrorState> ordered = new ArrayList<>();
        for (MirrorState mirror : mirrors) {
            ordered.add(place(ordered, mirror, cost, unknownFirst), mirror);
        }
        ordered.sort(Comparator.comparing(MirrorState::condition));
        return ordered;
    }

    /** Returns the position before the first mirror that this one is clearly cheaper than. */
    private static int place(
            List<MirrorState> ordered,
            MirrorState mirror,
            ToDoubleFunction<MirrorState> cost,
            boolean unknownFirst) {
        double own = known(cost.applyAsDouble(mirror), unknownFirst);
        for (int i = 0; i < ordered.size(); i++) {
            double other = known(cost.applyAsDouble(ordered.get(i)), unknownFirst);
            if (own < other * CLEARLY) {
                return i;
            }
        }
        return ordered.size();
    }

    private static double known(double cost, boolean unknownFirst) {
        if (Double.isNaN(cost)) {
            return unknownFirst ? 0 : Double.MAX_VALUE;
        }
        return cost;
    }
}

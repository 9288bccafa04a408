package org.netloop.engine.fetch;

import java.util.List;
import java.util.function.Predicate;

/**
 * The mirrors that may be asked for something, best first.
 *
 * @param near those that a fetch keeps to
 * @param far the others: asked only for what a mirror of the first ones answered that it has not
 */
record Tiers(List<Mirror> near, List<Mirror> far) {
    /** Copies both, so that nobody changes them. */
    Tiers {
        near = List.copyOf(near);
        far = List.copyOf(far);
    }

    /** Returns tiers that make no difference between mirrors. */
    static Tiers of(List<Mirror> all) {
        return new Tiers(all, List.of());
    }

    /** Returns those of them that a test accepts; these, if it accepts none. */
    Tiers filtered(Predicate<Mirror> test) {
        Tiers some =
                new Tiers(near.stream().filter(test).toList(), far.stream().filter(test).toList());
        return some.near.isEmpty() && some.far.isEmpty() ? this : some;
    }
}

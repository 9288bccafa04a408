package org.netloop.fleet;

import java.util.BitSet;

/**
 * A store that machines ask first, and put into what it lacked once they have fetched it from the
 * distant mirror themselves: whoever asks in between fetches it, too.
 */
final class LookAside implements Tier {
    private final Site site;
    private final BitSet here = new BitSet();
    private final Site.Wire in;
    private final Site.Wire out;

    LookAside(Site site) {
        this.site = site;
        in = site.wire();
        out = site.wire();
    }

    @Override
    public double opening() {
        return OPENING * site.place.distance();
    }

    @Override
    public void fetch(int machine, int block, Runnable arrived) {
        site.simulation.after(site.place.near(), () -> answer(block, arrived));
    }

    private void answer(int block, Runnable arrived) {
        if (here.get(block)) {
            out.send(block, arrived);
        } else {
            site.fetchFromAfar(
                    block,
                    () -> {
                        in.send(block, () -> here.set(block));
                        arrived.run();
                    });
        }
    }
}

package org.netloop.fleet;

/** No tier at all: each machine fetches each block from the distant mirror. */
record Direct(Site site) implements Tier {
    @Override
    public double opening() {
        return OPENING * site.place.distance();
    }

    @Override
    public void fetch(int machine, int block, Runnable arrived) {
        site.fetchFromAfar(block, arrived);
    }
}

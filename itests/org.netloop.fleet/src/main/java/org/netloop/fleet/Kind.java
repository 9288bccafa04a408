package org.netloop.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Tiers that may stand between the machines of a site and the distant mirror. */
enum Kind {
    NONE("no site cache", Direct::new),
    NGINX("nginx", site -> Cache.distant(site, manner(site, 0.5, Integer.MAX_VALUE))),
    VARNISH("Varnish", site -> Cache.distant(site, manner(site, 0, Integer.MAX_VALUE))),
    GATEWAY("gateway", site -> Cache.distant(site, gateway(site))),
    GATEWAYS("a gateway for 250", Kind::gateways),
    REDIS("shared redis", LookAside::new),
    DRAGONFLY("Dragonfly", Scheduled::new),
    TORRENT("BitTorrent, web seed", Swarm::new),
    IPFS("IPFS gateway", site -> Cache.distant(site, ipfs(site)));

    /** Machines of one gateway, where there are several. */
    private static final int CLIENTS = 250;

    /** Requests that a gateway answers at a time unless told. */
    private static final int PLACES = 32;

    /** Seconds before Bitswap looks beyond the peers that it is connected to. */
    private static final double PROVIDER_SEARCH_DELAY = 1;

    private final String label;
    private final Function<Site, Tier> maker;

    Kind(String label, Function<Site, Tier> maker) {
        this.label = label;
        this.maker = maker;
    }

    String label() {
        return label;
    }

    Tier make(Site site) {
        return maker.apply(site);
    }

    private static Cache.Manner manner(Site site, double poll, int places) {
        return new Cache.Manner(Tier.OPENING * site.place.near(), poll, 1, places);
    }

    /** Documents are asked of the distant mirror each time; blocks are not. */
    private static Cache.Manner gateway(Site site) {
        return new Cache.Manner((Tier.OPENING - 1) * site.place.distance(), 0, 1, PLACES);
    }

    /** Two rounds a block: who has it, and have it. */
    private static Cache.Manner ipfs(Site site) {
        double opening = PROVIDER_SEARCH_DELAY + 2 * Tier.OPENING * site.place.distance();
        return new Cache.Manner(opening, 0, 2, Integer.MAX_VALUE);
    }

    private static Tier gateways(Site site) {
        Cache root = Cache.distant(site, gateway(site));
        List<Cache> leaves = new ArrayList<>();
        for (int first = 0; first < site.machines; first += CLIENTS) {
            leaves.add(
                    new Cache(
                            site,
                            gateway(site),
                            (block, arrived) -> root.fetch(-1, block, arrived)));
        }
        return new Tier() {
            @Override
            public double opening() {
                return root.opening();
            }

            @Override
            public void fetch(int machine, int block, Runnable arrived) {
                leaves.get(machine / CLIENTS).fetch(machine, block, arrived);
            }
        };
    }
}

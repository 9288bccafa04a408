package org.netloop.fleet;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Machines that exchange pieces with some others that they were told of, none of whom ever refuses,
 * and have the distant mirror as a web seed: BitTorrent on the pack of the profile. Each asks the
 * web seed for one piece after the other, drawn from those that it wants and no neighbour has.
 */
final class Swarm implements Tier {
    /** Neighbours that the tracker names to a machine that comes. */
    private static final int NAMED = 30;

    private final Site site;
    private final Peers peers;
    private final List<Member> members = new ArrayList<>();
    private final Map<Integer, Member> byMachine = new HashMap<>();

    private static final class Member {
        final int machine;
        final List<Member> neighbours = new ArrayList<>();
        final BitSet has = new BitSet();

        /** Pieces that no neighbour has, and that are not asked for either. */
        final BitSet wants = new BitSet();

        final List<Integer> wanted = new ArrayList<>();
        private final Map<Integer, Runnable> arrivals = new HashMap<>();
        boolean seeding;

        Member(int machine) {
            this.machine = machine;
        }

        void want(int block, Runnable arrived) {
            wants.set(block);
            wanted.add(block);
            arrivals.put(block, arrived);
        }

        Runnable drop(int block) {
            wants.clear(block);
            wanted.remove((Integer) block);
            return Objects.requireNonNull(arrivals.remove(block));
        }
    }

    Swarm(Site site) {
        this.site = site;
        peers = new Peers(site);
    }

    @Override
    public double opening() {
        // The documents, from afar, and the tracker and the neighbours.
        return OPENING * site.place.distance() + 3 * site.place.near();
    }

    @Override
    public void fetch(int machine, int block, Runnable arrived) {
        Member member = byMachine.computeIfAbsent(machine, this::join);
        if (!take(member, block, arrived)) {
            member.want(block, arrived);
            if (!member.seeding) {
                member.seeding = true;
                site.simulation.after(site.place.distance(), () -> goOn(member));
            }
        }
    }

    private Member join(int machine) {
        Member member = new Member(machine);
        for (int i = 0; i < Math.min(NAMED, members.size()); i++) {
            Member other = members.get(peers.any(members.size()));
            if (!member.neighbours.contains(other)) {
                member.neighbours.add(other);
                other.neighbours.add(member);
            }
        }
        members.add(member);
        return member;
    }

    /** Has the least busy neighbour that has a block send it; returns whether there is one. */
    private boolean take(Member member, int block, Runnable arrived) {
        Member from = null;
        for (Member neighbour : member.neighbours) {
            if (neighbour.has.get(block)
                    && (from == null || peers.free(neighbour.machine) < peers.free(from.machine))) {
                from = neighbour;
            }
        }
        if (from == null) {
            return false;
        }
        peers.send(from.machine, member.machine, block, () -> got(member, block, arrived));
        return true;
    }

    /**
     * Asks the web seed for another piece. One request follows the other: no round trip between.
     */
    private void goOn(Member member) {
        member.seeding = !member.wanted.isEmpty();
        if (member.seeding) {
            int block = member.wanted.get(peers.any(member.wanted.size()));
            Runnable arrived = member.drop(block);
            site.sendFromAfar(
                    block,
                    () -> {
                        got(member, block, arrived);
                        goOn(member);
                    });
        }
    }

    private void got(Member member, int block, Runnable arrived) {
        member.has.set(block);
        for (Member neighbour : member.neighbours) {
            if (neighbour.wants.get(block)) {
                take(neighbour, block, neighbour.drop(block));
            }
        }
        arrived.run();
    }
}

package org.netloop.engine.read;

import org.netloop.api.block.StoredBlock;

import java.util.ArrayList;
import java.util.List;

/**
 * Flights of one read whose stored blocks lie one behind the other in one object, so that one
 * request fetches them all. Used by one thread.
 *
 * @see FormationFlight
 */
final class Formation {
    /** How many stored bytes one request asks for: above it, a request more costs little. */
    static final int LONGEST = 1 << 20;

    /** How many plain bytes they may have together: they are in memory at a time. */
    static final int MOST_PLAIN = 4 << 20;

    private final List<Departure> members = new ArrayList<>();
    private long begin;
    private long end;
    private long plain;

    /** Takes one more; false, and nothing is taken, if it does not lie where this one ends. */
    boolean take(Departure next) {
        StoredBlock stored = next.stored();
        long after = stored.position() + stored.length();
        if (members.isEmpty()) {
            begin = stored.position();
        } else if (!goesOn(stored, after, plain + next.block().length())) {
            return false;
        }
        members.add(next);
        end = Math.max(end, after);
        plain += next.block().length();
        return true;
    }

    /** Blocks in whole sectors (qcow2) may begin in the last one of the block before. */
    private boolean goesOn(StoredBlock next, long after, long plainAfter) {
        StoredBlock last = members.getLast().stored();
        return !last.whole()
                && !next.whole()
                && next.path().equals(last.path())
                && next.position() >= last.position()
                && next.position() <= end
                && Math.max(end, after) - begin <= LONGEST
                && plainAfter <= MOST_PLAIN;
    }

    /** Its flights, in the order of their stored blocks; it is empty then. */
    List<Departure> leave() {
        List<Departure> all = List.copyOf(members);
        members.clear();
        end = 0;
        plain = 0;
        return all;
    }
}

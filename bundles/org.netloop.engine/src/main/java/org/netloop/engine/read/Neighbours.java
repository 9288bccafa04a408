package org.netloop.engine.read;

import org.netloop.api.block.StoredBlock;

import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of one read whose stored forms lie one behind the other in one object, so that one request
 * fetches them all. Used by one thread.
 *
 * @see Formation
 */
final class Neighbours {
    /** Most stored bytes of one request: above it, another request costs little. */
    static final int LONGEST = 1 << 20;

    /** Most plain bytes of a group, which are in memory at the same time. */
    static final int MOST_PLAIN = 4 << 20;

    private final List<Flight> members = new ArrayList<>();
    private long begin;
    private long end;
    private long plain;

    /** Takes one more; false, and nothing is taken, if it does not lie where these end. */
    boolean take(Flight next) {
        StoredBlock stored = next.stored();
        long after = endOf(stored);
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

    /** Returns the end of a stored block in its object. */
    static long endOf(StoredBlock stored) {
        return stored.position() + stored.length();
    }

    /** A block may begin within the bytes that are the bound of the one before. */
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

    /** Returns its flights in the order of their stored blocks, and empties it. */
    List<Flight> leave() {
        List<Flight> all = List.copyOf(members);
        members.clear();
        end = 0;
        plain = 0;
        return all;
    }
}

package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Election of an image's root from the mirrors' answers: the newer of the root that more than half
 * of all mirrors have and the root of the first mirror, in the configured order, that has one. So
 * no single mirror but the first decides, however fast it is and however new it says that its root
 * is. Used by one thread.
 */
final class Ballot {

    /**
     * A root that a mirror has.
     *
     * @param bytes the root
     * @param from the mirror's URI of it
     * @param sequence grows with each new root; negative if it has none
     */
    record Vote(ByteBuffer bytes, URI from, long sequence) {}

    private final int voters;

    /** Votes in the order of the configuration; null where none arrived yet, or none will. */
    private final List<@Nullable Vote> votes = new ArrayList<>();

    private final List<Boolean> answered = new ArrayList<>();
    private int pending;

    /**
     * @param asked how many mirrors are asked
     * @param voters how many there are, those included that cannot be asked now
     */
    Ballot(int asked, int voters) {
        this.voters = voters;
        this.pending = asked;
        for (int i = 0; i < asked; i++) {
            votes.add(null);
            answered.add(false);
        }
    }

    /**
     * A mirror answered. Called once for each.
     *
     * @param place which it is in the order of the configuration, from 0
     * @param vote null if it has none
     */
    void put(int place, @Nullable Vote vote) {
        votes.set(place, vote);
        answered.set(place, true);
        pending--;
    }

    /** Returns whether outstanding votes may change the result. */
    boolean isOpen() {
        return pending > 0 && (first() == null || 2 * (mostAlike() + pending) > voters);
    }

    /** Returns the vote elected so far; null if there is none. */
    @Nullable Vote elected() {
        Vote first = first();
        Vote majority = majority();
        if (first == null || majority == null) {
            return first == null ? majority : first;
        }
        return first.sequence() > majority.sequence() ? first : majority;
    }

    /** Null if one before it may still have one. */
    private @Nullable Vote first() {
        for (int place = 0; place < votes.size() && answered.get(place); place++) {
            if (votes.get(place) != null) {
                return votes.get(place);
            }
        }
        return null;
    }

    private @Nullable Vote majority() {
        Map<ByteBuffer, Integer> counts = counts();
        for (Vote vote : votes) {
            if (vote != null && 2 * counts.getOrDefault(vote.bytes(), 0) > voters) {
                return vote;
            }
        }
        return null;
    }

    private int mostAlike() {
        return counts().values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private Map<ByteBuffer, Integer> counts() {
        Map<ByteBuffer, Integer> counts = new HashMap<>();
        for (Vote vote : votes) {
            if (vote != null) {
                counts.merge(vote.bytes(), 1, Integer::sum);
            }
        }
        return counts;
    }
}

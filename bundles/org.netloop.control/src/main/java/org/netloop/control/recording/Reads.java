package org.netloop.control.recording;

import org.netloop.api.profile.Profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What was read of an image by several recordings one after the other, each byte once. Not
 * thread-safe.
 */
final class Reads {
    private final List<Profile.Entry> entries = new ArrayList<>();

    /** Ends by begins of what was read; they do not overlap. */
    private final NavigableMap<Long, Long> covered = new TreeMap<>();

    /**
     * Adds what is new in a recording.
     *
     * @param laterMillis how long after the first one it began
     */
    void add(Profile profile, long laterMillis) {
        for (Profile.Entry entry : profile.entries()) {
            long after = entry.afterMillis() + laterMillis;
            for (long at = entry.offset(); at < entry.end(); ) {
                Map.Entry<Long, Long> before = covered.floorEntry(at);
                if (before != null && before.getValue() > at) {
                    at = before.getValue();
                    continue;
                }
                Long next = covered.higherKey(at);
                long end = next == null ? entry.end() : Math.min(next, entry.end());
                entries.add(new Profile.Entry(at, end - at, after));
                covered.put(at, end);
                at = end;
            }
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** A copy to which more can be added. */
    Reads copy() {
        Reads copy = new Reads();
        copy.entries.addAll(entries);
        copy.covered.putAll(covered);
        return copy;
    }

    /** In the order in which they were added, at most as many as a profile may have. */
    List<Profile.Entry> entries() {
        return List.copyOf(entries.subList(0, Math.min(entries.size(), Profile.MAX_ENTRIES)));
    }
}

package org.netloop.control.recording;

import org.netloop.api.profile.Coverage;
import org.netloop.api.profile.Profile;

import java.util.ArrayList;
import java.util.List;

/** Reads of an image, collected from consecutive recordings, each byte once. Not thread-safe. */
final class Reads {
    private final List<Profile.Entry> entries;
    private final Coverage covered;

    /** Creates an empty collection. */
    Reads() {
        this(new ArrayList<>(), new Coverage());
    }

    private Reads(List<Profile.Entry> entries, Coverage covered) {
        this.entries = entries;
        this.covered = covered;
    }

    /**
     * Adds what is new in a recording.
     *
     * @param laterMillis how long after the first one it began
     */
    void add(Profile profile, long laterMillis) {
        for (Profile.Entry entry : profile.entries()) {
            Profile.Entry later =
                    new Profile.Entry(
                            entry.offset(), entry.length(), entry.afterMillis() + laterMillis);
            entries.addAll(covered.uncovered(later));
            covered.cover(later);
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** A copy to which more can be added. */
    Reads copy() {
        return new Reads(new ArrayList<>(entries), covered.copy());
    }

    /**
     * Returns the entries in the order in which they were added, at most as many as a profile may
     * have.
     */
    List<Profile.Entry> entries() {
        return List.copyOf(entries.subList(0, Math.min(entries.size(), Profile.MAX_ENTRIES)));
    }
}

package org.netloop.profile;

import org.netloop.api.profile.Coverage;
import org.netloop.api.profile.Profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Set operations on profiles. */
final class Profiles {
    private Profiles() {}

    /**
     * All that is read in any of them, each byte once, where it is read earliest: by the place in
     * its profile, so that a slow recording does not come after all of a fast one.
     */
    static Profile merge(List<Profile> profiles) {
        record Placed(double place, int source, Profile.Entry entry) {}
        List<Placed> all = new ArrayList<>();
        for (int source = 0; source < profiles.size(); source++) {
            List<Profile.Entry> entries = profiles.get(source).entries();
            for (int i = 0; i < entries.size(); i++) {
                all.add(new Placed((double) i / entries.size(), source, entries.get(i)));
            }
        }
        all.sort(Comparator.comparingDouble(Placed::place).thenComparingInt(Placed::source));
        Coverage covered = new Coverage();
        List<Profile.Entry> merged = new ArrayList<>();
        for (Placed placed : all) {
            merged.addAll(covered.uncovered(placed.entry()));
            covered.cover(placed.entry());
        }
        Profile first = profiles.getFirst();
        return new Profile(first.image(), first.name(), merged, null);
    }

    /** Returns the reads of the first profile that are not in the second. */
    static List<Profile.Entry> without(Profile first, Profile second) {
        Coverage covered = new Coverage();
        second.entries().forEach(covered::cover);
        List<Profile.Entry> left = new ArrayList<>();
        first.entries().forEach(entry -> left.addAll(covered.uncovered(entry)));
        return left;
    }
}

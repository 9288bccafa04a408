package org.netloop.profile;

import org.netloop.api.profile.Profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What is made of several profiles. */
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
        NavigableMap<Long, Long> covered = new TreeMap<>();
        List<Profile.Entry> merged = new ArrayList<>();
        for (Placed placed : all) {
            merged.addAll(uncovered(placed.entry(), covered));
            cover(placed.entry(), covered);
        }
        Profile first = profiles.getFirst();
        return new Profile(first.image(), first.name(), merged, null);
    }

    /** What is read in the first and not in the second. */
    static List<Profile.Entry> without(Profile first, Profile second) {
        NavigableMap<Long, Long> covered = new TreeMap<>();
        second.entries().forEach(entry -> cover(entry, covered));
        List<Profile.Entry> left = new ArrayList<>();
        first.entries().forEach(entry -> left.addAll(uncovered(entry, covered)));
        return left;
    }

    private static List<Profile.Entry> uncovered(
            Profile.Entry entry, NavigableMap<Long, Long> covered) {
        List<Profile.Entry> parts = new ArrayList<>();
        long at = entry.offset();
        Map.Entry<Long, Long> before = covered.floorEntry(at);
        if (before != null) {
            at = Math.max(at, before.getValue());
        }
        while (at < entry.end()) {
            Map.Entry<Long, Long> next = covered.ceilingEntry(at);
            long end = next == null ? entry.end() : Math.min(entry.end(), next.getKey());
            if (end > at) {
                parts.add(new Profile.Entry(at, end - at, entry.afterMillis()));
            }
            at = next == null ? end : Math.max(end, next.getValue());
        }
        return parts;
    }

    /** The map holds begins and ends that neither overlap nor touch. */
    private static void cover(Profile.Entry entry, NavigableMap<Long, Long> covered) {
        long begin = entry.offset();
        long end = entry.end();
        Map.Entry<Long, Long> before = covered.floorEntry(begin);
        if (before != null && before.getValue() >= begin) {
            begin = before.getKey();
            end = Math.max(end, before.getValue());
        }
        for (Map.Entry<Long, Long> next = covered.ceilingEntry(begin);
                next != null && next.getKey() <= end;
                next = covered.higherEntry(next.getKey())) {
            end = Math.max(end, next.getValue());
        }
        covered.subMap(begin, true, end, true).clear();
        covered.put(begin, end);
    }
}

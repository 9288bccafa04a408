package org.netloop.api.profile;

import org.netloop.api.profile.Profile.Entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Set of the bytes of an image that some entries read. Not thread-safe; once nothing is added any
 * more, any number of threads may ask it.
 */
public final class Coverage {

    /** Ends by begins; they neither overlap nor touch. */
    private final NavigableMap<Long, Long> covered = new TreeMap<>();

    /** Returns what all of them read. */
    public static Coverage of(List<Entry> entries) {
        Coverage coverage = new Coverage();
        entries.forEach(coverage::cover);
        return coverage;
    }

    /** Returns whether a byte from {@code begin} up to {@code end}, exclusive, is read. */
    public boolean touches(long begin, long end) {
        Map.Entry<Long, Long> before = covered.lowerEntry(end);
        return before != null && before.getValue() > begin;
    }

    /** Returns the parts of an entry that no entry so far reads, in order, with its time. */
    public List<Entry> uncovered(Entry entry) {
        List<Entry> parts = new ArrayList<>();
        long at = entry.offset();
        Map.Entry<Long, Long> before = covered.floorEntry(at);
        if (before != null) {
            at = Math.max(at, before.getValue());
        }
        while (at < entry.end()) {
            Map.Entry<Long, Long> next = covered.ceilingEntry(at);
            long end = next == null ? entry.end() : Math.min(entry.end(), next.getKey());
            if (end > at) {
                parts.add(new Entry(at, end - at, entry.afterMillis()));
            }
            at = next == null ? end : Math.max(end, next.getValue());
        }
        return parts;
    }

    /** Adds what an entry reads. */
    public void cover(Entry entry) {
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

    /** Returns a copy; additions to it do not change this one. */
    public Coverage copy() {
        Coverage copy = new Coverage();
        copy.covered.putAll(covered);
        return copy;
    }
}

package org.netloop.profile;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Index;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.FetchException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Carries a profile over from one image to another that was made from it. A block that lies where
 * it lay is kept; a block that moved is found by its digest. Where the other image states deltas,
 * the blocks {@linkplain Successors most alike} a block of the profile are read with it, as an
 * update writes a new version of a file elsewhere and leaves the old bytes behind. A block that is
 * gone, and is like no other, is read where it was: an update in place changed it.
 */
final class CarryOver {
    private final Index from;
    private final Index to;
    private final int limit;
    private int kept;
    private int found;
    private int changed;
    private int likened;
    private int left;

    CarryOver(Index from, Index to) {
        this(from, to, Profile.MAX_ENTRIES);
    }

    /**
     * Creates a carry-over.
     *
     * @param limit entries that the carried-over profile has at most; the last reads are left out
     */
    CarryOver(Index from, Index to, int limit) {
        this.from = from;
        this.to = to;
        this.limit = limit;
    }

    /** The profile for the other image. */
    Profile apply(Profile profile) throws FetchException, InterruptedException {
        List<Read> reads = reads(profile);
        Set<Digest> keys = reads.stream().map(Read::key).collect(Collectors.toSet());
        Successors successors = Successors.in(to, keys, absent(reads));
        List<Profile.Entry> entries = new ArrayList<>();
        Set<Long> known = new HashSet<>();
        for (Read read : reads) {
            if (entries.size() >= limit) {
                left++;
                continue;
            }
            List<Block> likely = successors.like(read.key());
            Block now = successor(read.block(), successors.movedTo(read.key()), !likely.isEmpty());
            if (now != null) {
                add(now, read, known, entries);
            }
            for (Block like : likely) {
                likened += add(like, read, known, entries) ? 1 : 0;
            }
        }
        return new Profile(to.image().digest(), profile.name(), entries, null);
    }

    /** A block of the old image that the profile reads. */
    private record Read(Block block, Digest key, long afterMillis) {}

    private List<Read> reads(Profile profile) throws FetchException, InterruptedException {
        List<Read> reads = new ArrayList<>();
        for (Profile.Entry entry : profile.entries()) {
            long end = Math.min(entry.end(), from.image().size());
            for (long at = entry.offset(); at < end; ) {
                Block old = from.block(at);
                at = old.end();
                StoredBlock stored = old.storedOrNull();
                if (stored != null) {
                    reads.add(new Read(old, stored.key(), entry.afterMillis()));
                }
            }
        }
        return reads;
    }

    private boolean add(Block now, Read read, Set<Long> known, List<Profile.Entry> entries) {
        if (now.isHole() || entries.size() >= limit || !known.add(now.offset())) {
            return false;
        }
        entries.add(new Profile.Entry(now.offset(), now.length(), read.afterMillis()));
        return true;
    }

    private @Nullable Block successor(Block old, @Nullable Block moved, boolean hasAlike)
            throws FetchException, InterruptedException {
        Block same = old.offset() < to.image().size() ? to.block(old.offset()) : null;
        if (same != null && isSame(old, same)) {
            kept++;
            return same;
        }
        if (moved != null) {
            found++;
            return moved;
        }
        changed++;
        return hasAlike ? null : same;
    }

    private static boolean isSame(Block old, Block now) {
        StoredBlock a = old.storedOrNull();
        StoredBlock b = now.storedOrNull();
        return a != null && b != null && a.key().equals(b.key());
    }

    private Set<Digest> absent(List<Read> reads) throws FetchException, InterruptedException {
        Set<Digest> absent = new HashSet<>();
        for (Read read : reads) {
            long place = read.block().offset();
            if (place >= to.image().size() || !isSame(read.block(), to.block(place))) {
                absent.add(read.key());
            }
        }
        return absent;
    }

    /** Returns how many blocks were kept, found, lost, added and left out, in one sentence. */
    String summary() {
        return kept
                + " blocks lie where they lay, "
                + found
                + " moved, "
                + changed
                + " changed; added "
                + likened
                + " that are like one of them"
                + (left == 0 ? "" : "; left out the last " + left + ": a profile has its limit");
    }
}

package org.netloop.profile;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Index;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.FetchException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Carries a profile over from one image to another that was made from it. What lies where it lay is
 * kept; what moved is looked for by its digest; what is gone or changed is read where it was, as an
 * update usually writes anew what it changes in place.
 */
final class CarryOver {
    private final Index from;
    private final Index to;
    private final Map<Digest, Block> moved = new HashMap<>();
    private int kept;
    private int found;
    private int changed;

    CarryOver(Index from, Index to) {
        this.from = from;
        this.to = to;
    }

    /** The profile for the other image. */
    Profile apply(Profile profile) throws FetchException, InterruptedException {
        Set<Digest> wanted = absent(profile);
        find(wanted);
        List<Profile.Entry> entries = new ArrayList<>();
        Set<Long> known = new HashSet<>();
        for (Profile.Entry entry : profile.entries()) {
            long end = Math.min(entry.end(), from.image().size());
            for (long at = entry.offset(); at < end; ) {
                Block old = from.block(at);
                at = old.end();
                Block now = successor(old);
                if (now != null && !now.isHole() && known.add(now.offset())) {
                    entries.add(new Profile.Entry(now.offset(), now.length(), entry.afterMillis()));
                }
            }
        }
        return new Profile(to.image().digest(), profile.name(), entries, null);
    }

    private @Nullable Block successor(Block old) throws FetchException, InterruptedException {
        if (old.storedOrNull() == null || old.offset() >= to.image().size()) {
            return null;
        }
        Block same = to.block(old.offset());
        if (isSame(old, same)) {
            kept++;
            return same;
        }
        Block elsewhere = moved.get(old.storedOrNull().key());
        if (elsewhere != null) {
            found++;
            return elsewhere;
        }
        changed++;
        return same;
    }

    private static boolean isSame(Block old, Block now) {
        StoredBlock a = old.storedOrNull();
        StoredBlock b = now.storedOrNull();
        return a != null && b != null && a.key().equals(b.key());
    }

    private Set<Digest> absent(Profile profile) throws FetchException, InterruptedException {
        Set<Digest> absent = new HashSet<>();
        for (Profile.Entry entry : profile.entries()) {
            long end = Math.min(entry.end(), from.image().size());
            for (long at = entry.offset(); at < end; ) {
                Block old = from.block(at);
                at = old.end();
                if (old.storedOrNull() != null
                        && (old.offset() >= to.image().size()
                                || !isSame(old, to.block(old.offset())))) {
                    absent.add(old.storedOrNull().key());
                }
            }
        }
        return absent;
    }

    private void find(Set<Digest> wanted) throws FetchException, InterruptedException {
        Set<Digest> left = new HashSet<>(wanted);
        for (long at = 0; at < to.image().size() && !left.isEmpty(); ) {
            if (to.extent(at).hole()) {
                at = to.extent(at).end();
                continue;
            }
            Block block = to.block(at);
            at = block.end();
            if (block.storedOrNull() != null && left.remove(block.storedOrNull().key())) {
                moved.put(block.storedOrNull().key(), block);
            }
        }
    }

    /** How many blocks were dealt with, and how. */
    String summary() {
        return kept + " blocks lie where they lay, " + found + " moved, " + changed + " changed";
    }
}

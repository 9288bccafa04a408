package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.index.Index;
import org.netloop.api.profile.Coverage;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.FetchException;

/** The blocks of a profile, in its order. Used by one thread; looked at by others. */
final class ProfileWalk implements Source {
    private final Index index;
    private final Profile profile;

    /** Set of the bytes that the profile reads; not changed any more. */
    private final Coverage covered;

    private int entry;
    private long at;
    private volatile long done;

    ProfileWalk(Index index, Profile profile) {
        this(index, profile, Coverage.of(profile.entries()));
    }

    private ProfileWalk(Index index, Profile profile, Coverage covered) {
        this.index = index;
        this.profile = profile;
        this.covered = covered;
        this.at = profile.entries().isEmpty() ? 0 : profile.entries().getFirst().offset();
    }

    @Override
    public @Nullable Block next() throws FetchException, InterruptedException {
        while (entry < profile.entries().size()) {
            Profile.Entry now = profile.entries().get(entry);
            long end = Math.min(now.end(), index.image().size());
            if (at < end) {
                Block block = index.block(at);
                done += block.end() - at;
                at = block.end();
                if (!block.isHole()) {
                    return block;
                }
            } else {
                entry++;
                at = entry < profile.entries().size() ? profile.entries().get(entry).offset() : 0;
            }
        }
        return null;
    }

    @Override
    public ProfileWalk again() {
        return new ProfileWalk(index, profile, covered);
    }

    @Override
    public boolean has(long begin, long end) {
        return covered.touches(begin, end);
    }

    @Override
    public String progress() {
        long all = Math.max(1, profile.bytes());
        return profile.name() + ", " + Math.min(100, 100 * done / all) + " %";
    }
}

package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.index.Index;
import org.netloop.api.profile.Profile;
import org.netloop.api.volume.Recording;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Record of the blocks read, in the order of their first read. Thread-safe. */
public final class Recorder implements Recording {
    /** Time within which a read of an adjacent block belongs to the same entry. */
    private static final long TOGETHER_MILLIS = 20;

    private final Index index;
    private final String name;
    private final long begunNanos = System.nanoTime();
    private final Set<Long> known = ConcurrentHashMap.newKeySet();
    private final Queue<Profile.Entry> entries = new ConcurrentLinkedQueue<>();
    private final Consumer<Recorder> ended;
    private volatile boolean closed;

    /**
     * Creates a recorder for an image, and for a profile of that name.
     *
     * @param ended told once nothing more is to be noted
     */
    public Recorder(Index index, String name, Consumer<Recorder> ended) {
        this.index = index;
        this.name = name;
        this.ended = ended;
    }

    /** A range is read. */
    public void reads(long offset, int length) {
        long end = offset + length;
        for (long at = offset; at < end && !closed; ) {
            Block block = index.blockIfLoaded(at);
            long begin = block == null ? at - at % index.image().maxBlockLength() : block.offset();
            long next =
                    block == null
                            ? Math.min(begin + index.image().maxBlockLength(), index.image().size())
                            : block.end();
            if (isNews(block, begin)) {
                long after = (System.nanoTime() - begunNanos) / 1_000_000;
                entries.add(new Profile.Entry(begin, next - begin, after));
            }
            at = next;
        }
    }

    private boolean isNews(@Nullable Block block, long begin) {
        return (block == null || !block.isHole())
                && known.size() < Profile.MAX_ENTRIES
                && known.add(begin);
    }

    @Override
    public int blocks() {
        return known.size();
    }

    @Override
    public Profile profile() {
        List<Profile.Entry> merged = new ArrayList<>();
        for (Profile.Entry entry : entries) {
            Profile.Entry last = merged.isEmpty() ? null : merged.getLast();
            if (last != null
                    && last.end() == entry.offset()
                    && entry.afterMillis() - last.afterMillis() <= TOGETHER_MILLIS) {
                merged.set(
                        merged.size() - 1,
                        new Profile.Entry(
                                last.offset(), last.length() + entry.length(), last.afterMillis()));
            } else {
                merged.add(entry);
            }
        }
        return new Profile(index.image().digest(), name, merged, null);
    }

    @Override
    public void close() {
        closed = true;
        ended.accept(this);
    }
}

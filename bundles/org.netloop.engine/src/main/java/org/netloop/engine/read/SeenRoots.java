package org.netloop.engine.read;

import org.netloop.api.transport.FetchException;
import org.netloop.engine.fetch.Roots;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.trust.Trust;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Roots that led to an image, by which a later look tells that they still lead there. No format is
 * asked for that: it may have left by then. Thread-safe.
 */
public final class SeenRoots {
    private final List<Seen> roots = new CopyOnWriteArrayList<>();

    /** Holds a root that is as it was against a policy of trust, and against what time it is. */
    @FunctionalInterface
    interface Again {
        /**
         * @throws FetchException if it is not believed any more
         */
        void judge(Trust trust, URI from) throws FetchException, InterruptedException;
    }

    /** Adds a root that is not signed. */
    void add(String path, int maxLength, Roots.Root root) {
        add(
                path,
                maxLength,
                root.bytes(),
                (now, from) -> now.check(path, from, root.sequence(), root.bytes()));
    }

    private record Seen(String path, int maxLength, ByteBuffer bytes, Again again) {
        /** More than it has, as a longer one is not the fault of its mirror. */
        int room() {
            return Math.min(maxLength, Math.max(RootReader.USUAL_ROOM, 2 * bytes.remaining()));
        }
    }

    /**
     * Adds a root that was taken.
     *
     * @param bytes read-only
     */
    void add(String path, int maxLength, ByteBuffer bytes, Again again) {
        roots.removeIf(seen -> seen.path().equals(path));
        roots.add(new Seen(path, maxLength, bytes.slice(), again));
    }

    /**
     * Looks at them by the mirrors of now.
     *
     * @return false if one is another by now, if mirrors differ, or if there was none
     * @throws FetchException if no mirror has them, or they are not believed any more
     */
    public boolean areThere(Roots mirrors, Trust trust, Deadline deadline)
            throws FetchException, InterruptedException {
        for (Seen seen : roots) {
            AtomicBoolean differs = new AtomicBoolean();
            Roots.Judge judge =
                    (root, from) -> {
                        if (root.equals(seen.bytes())) {
                            seen.again().judge(trust, from);
                        } else {
                            differs.set(true);
                        }
                        return 0;
                    };
            try {
                mirrors.read(seen.path(), seen.room(), judge, deadline);
            } catch (FetchException.Corrupt _) {
                return false; // such as one that has grown: whoever opens it tells
            }
            if (differs.get()) {
                return false;
            }
        }
        if (roots.isEmpty()) {
            return false;
        }
        trust.believed();
        return true;
    }
}

package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.fetch.Roots;
import org.netloop.engine.fetch.Roots.Judge;
import org.netloop.engine.fetch.Roots.Root;
import org.netloop.engine.retry.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Reads roots within the memory of a volume, and keeps the last one seen of each for the time when
 * no mirror answers. Thread-safe.
 *
 * @param repository names the repository, whatever mirrors serve it
 */
record RootReader(
        URI repository, Roots roots, CacheTier cache, CacheKeys keys, MapMemory.Account memory) {
    private static final Logger LOG = LoggerFactory.getLogger(RootReader.class);

    /** Most objects are small: more room than this is taken only when it proves needed. */
    static final int USUAL_ROOM = 1 << 20;

    /**
     * Longest time that mirrors are asked for a root.
     *
     * @param withCopy the same if it was seen before
     */
    record Limit(Duration usual, Duration withCopy) {
        Deadline deadline(@Nullable ByteBuffer last) {
            return Deadline.in(last == null ? usual : withCopy);
        }
    }

    /**
     * Reads a root that the judge takes, or the last one seen while no mirror answers.
     *
     * @return of the last one seen, the repository stands for the mirror
     */
    Root read(String path, int maxLength, Judge judge, Limit limit)
            throws FetchException, InterruptedException {
        Digest key = keys.lastSeen(path);
        ByteBuffer last = last(key);
        try {
            Root root = fresh(path, maxLength, judge, limit.deadline(last));
            keep(key, root.bytes());
            return root;
        } catch (FetchException.Unavailable e) {
            if (last == null) {
                throw e;
            }
            Root old = Roots.judged(last, repository, judge);
            LOG.warn("continuing with {} as last seen: {}", path, e.getMessage());
            return old;
        }
    }

    /** Reads the first bytes of a root, by which its format is recognised. */
    @FunctionalInterface
    interface Head {
        ByteBuffer read(Deadline deadline) throws FetchException, InterruptedException;
    }

    /** Reads the first bytes of a root, or those last seen while no mirror answers. */
    ByteBuffer head(String path, Limit limit, Head head)
            throws FetchException, InterruptedException {
        Digest key = keys.lastSeenHead(path);
        ByteBuffer last = last(key);
        try {
            ByteBuffer fresh = head.read(limit.deadline(last));
            keep(key, fresh);
            return fresh;
        } catch (FetchException.Unavailable e) {
            if (last == null) {
                throw e;
            }
            LOG.warn("recognising {} as last seen: {}", path, e.getMessage());
            return last;
        }
    }

    private Root fresh(String path, int maxLength, Judge judge, Deadline deadline)
            throws FetchException, InterruptedException {
        if (maxLength > USUAL_ROOM) {
            try {
                Root usual = roots.read(path, USUAL_ROOM, judge, deadline);
                memory.charge(path, usual.bytes().remaining());
                return usual;
            } catch (FetchException.Corrupt e) {
                LOG.debug("{} is larger than usual: {}", path, e.getMessage());
            }
        }
        return memory.charged(
                path,
                maxLength,
                () -> roots.read(path, maxLength, judge, deadline),
                root -> root.bytes().remaining());
    }

    /** Keeps an object by which an image may be opened another time, and its head. */
    void keepEntry(String path, ByteBuffer fresh) {
        if (fresh.remaining() <= USUAL_ROOM) {
            keep(keys.lastSeen(path), fresh);
            int head = Math.min(IndexFormat.HEAD_LENGTH, fresh.remaining());
            keep(keys.lastSeenHead(path), fresh.slice(fresh.position(), head));
        }
    }

    /** Keeps an object as it was last seen. */
    void keep(Digest key, ByteBuffer fresh) {
        ByteBuffer old = last(key);
        if (!fresh.equals(old)) {
            cache.remove(key);
            cache.put(key, fresh);
        }
    }

    /** Returns an object as it was last seen; null if it is not kept. */
    @Nullable ByteBuffer last(Digest key) {
        try (CacheTier.Hit hit = cache.get(key, CacheTier.ANY_LENGTH)) {
            if (hit == null) {
                return null;
            }
            ByteBuffer bytes = hit.bytes();
            return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip().asReadOnlyBuffer();
        }
    }
}

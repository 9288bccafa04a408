package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.engine.fetch.Deadline;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.fetch.Fetcher.Wanted;
import org.netloop.engine.lease.BackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Stored blocks, from the stored cache or from a mirror; verified wherever they come from.
 * Thread-safe.
 */
public final class StoredBlocks {
    private static final Logger LOG = LoggerFactory.getLogger(StoredBlocks.class);

    private final CacheTier cache;
    private final Fetcher fetcher;
    private final Decoder decoder;
    private final Versions versions;
    private final CacheKeys keys;
    private final Counters counters;

    /** Over the stored tier and the mirrors of one volume. */
    public StoredBlocks(
            CacheTier cache,
            Fetcher fetcher,
            Decoder decoder,
            Versions versions,
            CacheKeys keys,
            Counters counters) {
        this.cache = cache;
        this.keys = keys;
        this.versions = versions;
        this.fetcher = fetcher;
        this.decoder = decoder;
        this.counters = counters;
    }

    /**
     * Reads and decodes a block to the position of {@code plain}, and moves it on.
     *
     * @param name what messages call it
     * @param scratch room for the stored bytes; if they came from a mirror it holds them
     *     afterwards, from 0 to its position, for {@link #keep}
     * @param least how many plain bytes have to come; at most what {@code plain} has room for
     * @return whether they came from a mirror
     */
    public boolean read(
            String name,
            StoredBlock block,
            ByteBuffer scratch,
            ByteBuffer plain,
            int least,
            Deadline deadline)
            throws FetchException, InterruptedException {
        if (readCached(block, plain, least)) {
            return false;
        }
        fetch(name, block, scratch, plain, least, FetchPurpose.DEMAND, deadline);
        return true;
    }

    /** Whether there is a cache of stored blocks. */
    boolean hasCache() {
        return cache.isThere();
    }

    /** Whether the cache probably has it. */
    boolean isCached(StoredBlock block) {
        return cache.contains(keys.stored(block));
    }

    /**
     * Keeps what {@link #read} left in {@code scratch}: apart, so that readers need not wait for
     * it.
     */
    public void keep(StoredBlock block, ByteBuffer scratch) {
        cache.put(keys.stored(block), scratch.flip());
    }

    /** As {@link #read}, from a mirror whatever the cache has. */
    public void fetch(
            String name,
            StoredBlock block,
            ByteBuffer scratch,
            ByteBuffer plain,
            int least,
            FetchPurpose purpose,
            Deadline deadline)
            throws FetchException, InterruptedException {
        scratch.clear().limit(block.length());
        int start = plain.position();
        // Decoding belongs to the check: what a mirror sends is good only if it turns into plain
        // bytes.
        fetcher.fetch(
                name,
                wanted(block, purpose),
                scratch,
                (bytes, from, object) -> {
                    if (block.verification() == Verification.NONE) {
                        versions.check(block.path(), object, from);
                    }
                    verify(block, bytes, from.toString());
                    decodeInto(block, bytes, plain.position(start), least, from.toString());
                },
                deadline);
        counters.fetches.increment();
        counters.bytesFetched.add(scratch.position());
    }

    /**
     * Fetches a range of an object, unverified but for the version of the object, from where {@code
     * first} begins, until {@code into} is full.
     *
     * @param name what messages call it
     */
    void fetchRange(String name, StoredBlock first, ByteBuffer into, Deadline deadline)
            throws FetchException, InterruptedException {
        int length = into.remaining();
        fetcher.fetch(
                name,
                new Wanted(first.path(), first.position(), length, FetchPurpose.DEMAND),
                into,
                (bytes, from, object) -> {
                    if (first.verification() == Verification.NONE) {
                        versions.check(first.path(), object, from);
                    }
                    if (bytes.remaining() != length) {
                        throw new FetchException.Corrupt(
                                from + " has " + bytes.remaining() + " of " + length + " bytes");
                    }
                },
                deadline);
        counters.fetches.increment();
        counters.bytesFetched.add(length);
    }

    /** Verifies and decodes the stored bytes of a block that came from a mirror among others. */
    void decodeFetched(StoredBlock block, ByteBuffer bytes, ByteBuffer plain)
            throws FetchException, InterruptedException {
        verify(block, bytes, "the range");
        decode(block, bytes, plain);
    }

    /**
     * Fetches a block that the digest of its stored bytes vouches for, and leaves it as it is: from
     * 0 to the position of {@code scratch}.
     */
    void fetchStored(
            String name,
            StoredBlock block,
            ByteBuffer scratch,
            FetchPurpose purpose,
            Deadline deadline)
            throws FetchException, InterruptedException {
        scratch.clear().limit(block.length());
        fetcher.fetch(
                name,
                wanted(block, purpose),
                scratch,
                (bytes, from, _) -> verify(block, bytes, from.toString()),
                deadline);
        counters.fetches.increment();
        counters.bytesFetched.add(scratch.position());
    }

    /**
     * Fetches a range of a pack to {@code scratch}, from 0 to its position; each block verified.
     */
    void fetchPacked(
            String name,
            PackFlights.Range range,
            ByteBuffer scratch,
            FetchPurpose purpose,
            Deadline deadline)
            throws FetchException, InterruptedException {
        scratch.clear().limit(range.length());
        fetcher.fetch(
                name,
                new Wanted(range.path(), range.position(), range.length(), purpose),
                scratch,
                (bytes, from, _) -> verify(range, bytes, from.toString()),
                deadline);
        counters.fetches.increment();
        counters.bytesFetched.add(scratch.position());
        counters.aheadBlocks.add(range.blocks().size());
        counters.aheadBytes.add(scratch.position());
    }

    private static void verify(PackFlights.Range range, ByteBuffer bytes, String from)
            throws FetchException.Corrupt {
        if (bytes.remaining() != range.length()) {
            throw new FetchException.Corrupt(
                    from + " has " + bytes.remaining() + " of " + range.length() + " bytes");
        }
        int at = bytes.position();
        for (Block block : range.blocks()) {
            StoredBlock stored = Objects.requireNonNull(block.storedOrNull());
            verify(stored, bytes.slice(at, stored.length()), from);
            at += stored.length();
        }
    }

    /** Decodes verified bytes, until {@code plain} is full. */
    void decode(StoredBlock block, ByteBuffer bytes, ByteBuffer plain)
            throws FetchException, InterruptedException {
        try {
            decoder.decode(block, bytes, plain, plain.remaining());
        } catch (BackendException e) {
            throw new FetchException.Unavailable(block.key().brief() + ": " + e.getMessage(), e);
        }
    }

    private static Wanted wanted(StoredBlock block, FetchPurpose purpose) {
        return block.whole()
                ? new Wanted(block.path(), 0, FetchRequest.TO_END, purpose)
                : new Wanted(block.path(), block.position(), block.length(), purpose);
    }

    /** Reads a block from the cache to the position of {@code plain}; false if it is not there. */
    boolean readCached(StoredBlock block, ByteBuffer plain, int least)
            throws FetchException, InterruptedException {
        int start = plain.position();
        Digest key = keys.stored(block);
        try (CacheTier.Hit hit = cache.get(key, CacheTier.ANY_LENGTH)) {
            if (hit == null) {
                return false;
            }
            verify(block, hit.bytes(), "the cache");
            decoder.decode(block, hit.bytes(), plain, least);
            counters.storedHits.increment();
            return true;
        } catch (FetchException.Corrupt e) {
            // The mirror is asked instead, and what it sends is kept in its place.
            cache.remove(key);
            plain.position(start);
            return false;
        } catch (BackendException e) {
            // The cache is not to blame. Over what a mirror sends it is tried again for a while.
            LOG.debug("block {}: {}", block.key(), e.getMessage());
            plain.position(start);
            return false;
        }
    }

    private static void verify(StoredBlock block, ByteBuffer bytes, String from)
            throws FetchException.Corrupt {
        if (bytes.remaining() != block.length() && !block.lengthIsBound()) {
            throw new FetchException.Corrupt(
                    from + " has " + bytes.remaining() + " of " + block.length() + " bytes");
        }
        if (block.verification() == Verification.STORED && !block.key().matches(bytes)) {
            throw new FetchException.Corrupt(
                    from + " has other bytes than its digest " + block.key().brief() + " says");
        }
    }

    private void decodeInto(
            StoredBlock block, ByteBuffer bytes, ByteBuffer plain, int least, String from)
            throws FetchException, BackendException, InterruptedException {
        try {
            decoder.decode(block, bytes, plain, least);
        } catch (FetchException.Corrupt e) {
            throw new FetchException.Corrupt(from + ": " + e.getMessage(), e);
        }
    }
}

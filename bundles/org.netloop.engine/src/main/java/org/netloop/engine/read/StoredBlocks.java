package org.netloop.engine.read;

import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.engine.fetch.Deadline;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.fetch.Fetcher.Wanted;

import java.nio.ByteBuffer;

/**
 * Stored blocks, from the stored cache or from a mirror; verified wherever they come from.
 * Thread-safe.
 */
public final class StoredBlocks {
    private final CacheTier cache;
    private final Fetcher fetcher;
    private final Decoder decoder;
    private final Versions versions;
    private final Counters counters;

    /** Over the stored tier and the mirrors of one volume. */
    public StoredBlocks(
            CacheTier cache,
            Fetcher fetcher,
            Decoder decoder,
            Versions versions,
            Counters counters) {
        this.cache = cache;
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
     * @return whether they came from a mirror
     */
    public boolean read(
            String name, StoredBlock block, ByteBuffer scratch, ByteBuffer plain, Deadline deadline)
            throws FetchException, InterruptedException {
        if (fromCache(block, plain)) {
            return false;
        }
        fetch(name, block, scratch, plain, FetchPurpose.DEMAND, deadline);
        return true;
    }

    /**
     * Keeps what {@link #read} left in {@code scratch}: apart, so that readers need not wait for
     * it.
     */
    public void keep(StoredBlock block, ByteBuffer scratch) {
        cache.put(block.key(), scratch.flip());
    }

    /** As {@link #read}, from a mirror whatever the cache has. */
    public void fetch(
            String name,
            StoredBlock block,
            ByteBuffer scratch,
            ByteBuffer plain,
            FetchPurpose purpose,
            Deadline deadline)
            throws FetchException, InterruptedException {
        Wanted wanted =
                block.whole()
                        ? new Wanted(block.path(), 0, FetchRequest.TO_END, purpose)
                        : new Wanted(block.path(), block.position(), block.length(), purpose);
        scratch.clear().limit(block.length());
        int start = plain.position();
        // Decoding belongs to the check: what a mirror sends is good only if it turns into plain
        // bytes.
        fetcher.fetch(
                name,
                wanted,
                scratch,
                (bytes, from, object) -> {
                    if (block.verification() == Verification.NONE) {
                        versions.check(block.path(), object, from);
                    }
                    verify(block, bytes, from.toString());
                    decodeInto(block, bytes, plain.position(start), from.toString());
                },
                deadline);
        counters.fetches.increment();
        counters.bytesFetched.add(scratch.position());
    }

    private boolean fromCache(StoredBlock block, ByteBuffer plain)
            throws FetchException, InterruptedException {
        int start = plain.position();
        try (CacheTier.Hit hit = cache.get(block.key())) {
            if (hit == null) {
                return false;
            }
            verify(block, hit.bytes(), "the cache");
            decoder.decode(block, hit.bytes(), plain);
            counters.storedHits.increment();
            return true;
        } catch (FetchException.Corrupt e) {
            // The mirror is asked instead, and what it sends is kept in its place.
            cache.remove(block.key());
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

    private void decodeInto(StoredBlock block, ByteBuffer bytes, ByteBuffer plain, String from)
            throws FetchException, InterruptedException {
        try {
            decoder.decode(block, bytes, plain);
        } catch (FetchException.Corrupt e) {
            throw new FetchException.Corrupt(from + ": " + e.getMessage(), e);
        }
    }
}

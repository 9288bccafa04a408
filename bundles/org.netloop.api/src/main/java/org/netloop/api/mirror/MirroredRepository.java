package org.netloop.api.mirror;

import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException;
import org.osgi.annotation.versioning.ProviderType;

import java.nio.ByteBuffer;

/**
 * Objects of a repository, fetched from its mirrors in the order of the mirror policy. Callers who
 * want one object at the same time share one fetch. Called by many threads at once.
 */
@ProviderType
public interface MirroredRepository {

    /**
     * Returns an object that its digest names: from the cache of stored blocks, else from a mirror,
     * and kept. Verified wherever it comes from.
     *
     * @param path relative to the mirrors' base URIs
     * @param digest of its bytes; its algorithm resists collisions
     * @param maxLength longest object, in bytes; a longer one is {@link FetchException.Corrupt}
     * @return the bytes, read-only
     */
    ByteBuffer block(String path, Digest digest, int maxLength)
            throws FetchException, InterruptedException;

    /**
     * Returns an object that no digest names, in its present state, never from a cache: the first
     * mirror, in the order of the configuration, that has it decides.
     *
     * @param path relative to the mirrors' base URIs
     * @param maxLength longest object, in bytes; a longer one is {@link FetchException.Corrupt}
     * @return the bytes, read-only
     */
    ByteBuffer document(String path, int maxLength) throws FetchException, InterruptedException;

    /** Returns what it has done since it was opened. Returns at once. */
    Counts counts();

    /**
     * Counters of a repository, each at least 0. Immutable.
     *
     * @param hits objects that came from the cache
     * @param joins requests for an object that was under way already
     * @param fetches objects that came from a mirror
     * @param fetchedBytes the bytes of those
     * @param failures objects that could not be had, apart from those that no mirror has
     */
    record Counts(long hits, long joins, long fetches, long fetchedBytes, long failures) {}
}

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
}

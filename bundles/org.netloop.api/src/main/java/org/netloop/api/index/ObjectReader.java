package org.netloop.api.index;

import org.netloop.api.block.StoredBlock;
import org.netloop.api.transport.FetchException;
import org.osgi.annotation.versioning.ProviderType;

import java.nio.ByteBuffer;

/**
 * Access of an index format to the objects of a repository. The engine implements it: it tries
 * mirrors in turn, verifies everything that has a digest, and caches immutable objects. Called by
 * many threads at once.
 */
@ProviderType
public interface ObjectReader {

    /**
     * Reads a mutable object in its present state, never from a cache while a mirror answers. The
     * first mirror that answers decides. Do not use it for an object that decides which image is
     * read: see {@link #readRoot}.
     *
     * @param path relative to the mirrors' base URIs
     * @param maxLength longest object, in bytes; a longer one is an error
     * @return the bytes, read-only
     */
    ByteBuffer read(String path, int maxLength) throws FetchException, InterruptedException;

    /**
     * Reads the object by which an image is found and that no digest verifies (a channel, the root
     * of an index). These bytes decide which image is read, so the engine applies its trust policy
     * to them, here, for all formats.
     *
     * <p>With several mirrors, the fastest one does not decide. The result is the newer of two
     * versions: the one that more than half of the mirrors have, and the one of the first mirror,
     * in configured order, that answers. A version older than the last one accepted is refused.
     *
     * @param path relative to the mirrors' base URIs
     * @param maxLength longest object, in bytes; a longer one is an error
     * @param age extracts the sequence from the bytes
     * @return the bytes, read-only
     * @throws FetchException.Untrusted if they lack the proof they need; the message says how to
     *     accept them on purpose
     */
    ByteBuffer readRoot(String path, int maxLength, Age age)
            throws FetchException, InterruptedException;

    /** Reads out of a root how new it is. Called by many threads at once. */
    @FunctionalInterface
    interface Age {
        /** Sequence number of a root that has none. */
        long NONE = -1;

        /**
         * Returns the sequence of a root, which grows with each version. At least 0; {@link #NONE}
         * if it has none: then all versions count as equally new.
         *
         * @param root its bytes, read-only; its position may be moved
         * @throws FetchException.Corrupt if it is malformed
         */
        long of(ByteBuffer root) throws FetchException;
    }

    /**
     * Returns the version of an object without a digest: the one that was seen first. From then on
     * all its ranges and blocks come from this version: if a mirror has another one, reading fails,
     * and bytes of two versions are never mixed.
     *
     * @throws FetchException.Unsupported if no mirror reports its length
     */
    ObjectVersion version(String path) throws FetchException, InterruptedException;

    /**
     * Reads a range of an object without a digest, in the version that was seen first.
     *
     * @return the bytes, read-only; fewer than {@code length} if the object ends earlier
     */
    ByteBuffer read(String path, long position, int length)
            throws FetchException, InterruptedException;

    /**
     * Reads an immutable object (a manifest, a segment): verified as it says, decoded by its codec,
     * and cached like any block.
     *
     * @param maxPlainLength most bytes that it may decode to
     * @return the plain bytes, read-only
     */
    ByteBuffer read(StoredBlock object, int maxPlainLength)
            throws FetchException, InterruptedException;

    /**
     * Creates the cache for the decoded parts of an index's map. The memory of all open maps is
     * counted together: if it is scarce, parts are dropped, those of the largest map first, and
     * loaded again when they are needed.
     *
     * @param partBytes most memory of a decoded part, in bytes: about 300 per block
     * @param loader reads a part with this reader, and decodes it
     */
    default <P> Parts<P> parts(int partBytes, Parts.Loader<P> loader) {
        return new Parts<>(partBytes, loader, () -> {});
    }
}

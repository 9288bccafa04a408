package org.netloop.api.index;

import org.netloop.api.block.StoredBlock;
import org.netloop.api.transport.FetchException;
import org.osgi.annotation.versioning.ProviderType;

import java.nio.ByteBuffer;

/**
 * How an index format gets at the objects of a repository. The engine stands behind it: mirrors are
 * tried in turn, what has a digest is verified, and what is immutable is cached. Called by many
 * threads at once.
 */
@ProviderType
public interface ObjectReader {

    /**
     * Reads a mutable object as the mirrors have it now; never from a cache while a mirror answers.
     * The first mirror that answers decides: not for what decides which image is read, see {@link
     * #readRoot}.
     *
     * @param path relative to the mirrors' base URIs
     * @param maxLength more than so many bytes are an error
     * @return the bytes, read-only
     */
    ByteBuffer read(String path, int maxLength) throws FetchException, InterruptedException;

    /**
     * Reads the object that an image is found by and that no digest vouches for (a channel, the
     * root of an index). Whoever reads decides with these bytes which image it is: so they are what
     * a trust policy is about, and the engine checks it here, for all formats.
     *
     * <p>Of several mirrors not the one that answers first decides. The bytes are those that more
     * than half of the mirrors have, or those of the first mirror in the order of the configuration
     * that answers; the newer of both. What is older than what was accepted before is refused.
     *
     * @param path relative to the mirrors' base URIs
     * @param maxLength more than so many bytes are an error
     * @param age reads out of the bytes how new they are
     * @return the bytes, read-only
     * @throws FetchException.Untrusted if nothing vouches for them; the message says how to accept
     *     them on purpose
     */
    ByteBuffer readRoot(String path, int maxLength, Age age)
            throws FetchException, InterruptedException;

    /** Reads out of a root how new it is. Called by many threads at once. */
    @FunctionalInterface
    interface Age {
        /** As a sequence: the root has none. */
        long NONE = -1;

        /**
         * The sequence of a root: a newer one has a greater one. At least 0; {@link #NONE} if it
         * has none, and then one is as new as any other.
         *
         * @param root its bytes, read-only; its position may be moved
         * @throws FetchException.Corrupt if it is malformed
         */
        long of(ByteBuffer root) throws FetchException;
    }

    /**
     * The version of an object that has no digest: the one that was seen first, and then kept to.
     * From then on all ranges of it, and all its blocks, come from this version: where a mirror has
     * another one, reading fails, and bytes of two versions are never mixed.
     *
     * @throws FetchException.Unsupported if no mirror tells how long it is
     */
    ObjectVersion version(String path) throws FetchException, InterruptedException;

    /**
     * Reads a range of an object that has no digest, in the version that was seen first.
     *
     * @return the bytes, read-only; fewer than {@code length} where the object ends before
     */
    ByteBuffer read(String path, long position, int length)
            throws FetchException, InterruptedException;

    /**
     * Reads an immutable object (a manifest, a segment): verified as it says, decoded by its codec,
     * and cached like any block.
     *
     * @param maxPlainLength the most bytes it may decode to
     * @return the plain bytes, read-only
     */
    ByteBuffer read(StoredBlock object, int maxPlainLength)
            throws FetchException, InterruptedException;
}

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
     * Reads a mutable object (a channel) as the mirrors have it now; never from a cache while a
     * mirror answers.
     *
     * @param path relative to the mirrors' base URIs
     * @param maxLength more than so many bytes are an error
     * @return the bytes, read-only
     */
    ByteBuffer read(String path, int maxLength) throws FetchException, InterruptedException;

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

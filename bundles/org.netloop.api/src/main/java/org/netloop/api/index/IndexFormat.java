package org.netloop.api.index;

import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Recognises an index by its first bytes, opens it lazily, and writes it. Registered as a service;
 * called by many threads at once.
 *
 * <p>Obligations: nothing read is trusted before its bounds are checked; a malformed index is a
 * {@link FetchException.Corrupt} that names the object and the field, never an unchecked exception;
 * opening takes memory in proportion to the root of the index, not to the image.
 */
@ConsumerType
public interface IndexFormat {

    /** How many of its first bytes {@link #recognises} sees of an object, at the most. */
    int HEAD_LENGTH = 4096;

    /** What it is called: {@code netloop}. */
    String id();

    /**
     * The object to look at first for a reference, as a path relative to the repository; empty for
     * the repository URI itself (a format that is one file).
     */
    String entry(Reference reference);

    /**
     * Whether the entry object is of this format.
     *
     * @param head its first bytes, at most {@value #HEAD_LENGTH}; read-only
     */
    boolean recognises(ByteBuffer head);

    /**
     * Whether the entry object, which is one file and was recognised by no format's head, is of
     * this format by its end. No format but one with its header at the end need look, which is the
     * default.
     *
     * @param tail its last bytes, at most {@value #HEAD_LENGTH}; read-only
     */
    default boolean recognisesTail(ByteBuffer tail) {
        return false;
    }

    /**
     * Whether it takes nearly anything (a plain image), and so is asked only about files that no
     * other format recognises.
     */
    default boolean isLastResort() {
        return false;
    }

    /**
     * Opens the image that a reference names.
     *
     * @param objects stays usable as long as the index is used
     */
    Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException;

    /**
     * Opens the book of what a repository holds.
     *
     * @throws FetchException.Unsupported if the format has no such thing, which is the default
     */
    default Catalog catalog(Repository repository) throws IOException {
        throw new FetchException.Unsupported(
                "repositories of format '" + id() + "' have no list of images");
    }

    /** What an image is written with where its publisher says nothing else. */
    default WritingDefaults defaults() {
        return WritingDefaults.STANDARD;
    }

    /**
     * Begins to write an image.
     *
     * @throws FetchException.Unsupported if the format is only read, which is the default
     */
    default IndexWriter write(Repository repository, ImageSpec spec) throws IOException {
        throw new FetchException.Unsupported("format '" + id() + "' is only read, not written");
    }
}

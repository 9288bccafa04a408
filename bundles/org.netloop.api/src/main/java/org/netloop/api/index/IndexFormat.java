package org.netloop.api.index;

import org.netloop.api.message.FeatureHint;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

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

    /** Most bytes from the start of an object that {@link #recognises} receives. */
    int HEAD_LENGTH = 4096;

    /** Returns the format's id: {@code netloop}. */
    String id();

    /**
     * Returns the object to read first for a reference, as a path relative to the repository; empty
     * for the repository URI itself (a format that is one file).
     */
    String entry(Reference reference);

    /**
     * Returns whether the entry object is of this format.
     *
     * @param head its first bytes, at most {@value #HEAD_LENGTH}; read-only
     */
    boolean recognises(ByteBuffer head);

    /**
     * Returns whether the entry object, one file that no format recognised by its start, is of this
     * format by its end. Only formats with their header at the end need to check; the default is
     * false.
     *
     * @param tail its last bytes, at most {@value #HEAD_LENGTH}; read-only
     */
    default boolean recognisesTail(ByteBuffer tail) {
        return false;
    }

    /**
     * Returns whether the format accepts nearly anything (a plain image), so that it is asked only
     * about files that no other format recognises.
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
     * Opens the catalog of a repository's images and channels.
     *
     * @throws FetchException.Unsupported if the format has no catalog, which is the default
     */
    default Catalog catalog(Repository repository) throws IOException {
        throw new FetchException.Unsupported(
                "repositories of format '" + id() + "' have no list of images");
    }

    /** Returns the properties of a written image that its publisher does not choose. */
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

    /**
     * Returns the format of an id; the first of several.
     *
     * @param installed the formats that are there
     * @throws FetchException.Unsupported if none has the id; the message names those that are
     *     there, and the feature to install
     */
    static IndexFormat find(List<IndexFormat> installed, String id)
            throws FetchException.Unsupported {
        return installed.stream()
                .filter(format -> format.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new FetchException.Unsupported(
                                        FeatureHint.absent(
                                                "no index format",
                                                "format",
                                                id,
                                                installed.stream().map(IndexFormat::id).toList())));
    }
}

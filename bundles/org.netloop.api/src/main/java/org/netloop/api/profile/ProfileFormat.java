package org.netloop.api.profile;

import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;

/**
 * Reads and writes profiles as documents, and defines their paths in a repository. Registered as a
 * service; called by many threads at once.
 *
 * <p>Obligations: nothing read is trusted before its bounds are checked; a malformed document is a
 * {@link FetchException.Corrupt} that names the object and the member, never an unchecked
 * exception.
 */
@ConsumerType
public interface ProfileFormat {

    /** Longest document that is read, in bytes. */
    int MAX_LENGTH = 32 << 20;

    /**
     * Returns the path of a profile, relative to the repository.
     *
     * @param image the digest of the image
     * @param name of form {@link Profile#isName}
     */
    String path(Digest image, String name);

    /**
     * Returns the paths of all objects that an image's profiles need: their documents, and the
     * packs these name. For an unreadable document the pack is missing.
     *
     * @param image the digest of the image, which need not exist any more
     * @return a stream that the caller closes; it throws {@link java.io.UncheckedIOException} if
     *     the repository fails
     */
    Stream<String> objects(Repository repository, Digest image) throws IOException;

    /**
     * Returns whether a path has the form of a profile's or a pack's. Such an object that no
     * image's {@link #objects} name is garbage.
     */
    boolean isObject(String path);

    /**
     * Reads a document.
     *
     * @param object its name in messages
     * @param document its remaining bytes, at most {@value #MAX_LENGTH}
     * @throws FetchException.Corrupt if it is malformed
     */
    Profile read(String object, ByteBuffer document) throws FetchException;

    /** Writes a document: always the same bytes for the same profile. */
    ByteBuffer write(Profile profile);
}

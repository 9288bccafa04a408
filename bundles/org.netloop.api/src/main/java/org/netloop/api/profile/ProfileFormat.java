package org.netloop.api.profile;

import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;

/**
 * Reads and writes profiles as documents, and says where in a repository they lie. Registered as a
 * service; called by many threads at once.
 *
 * <p>Obligations: nothing read is trusted before its bounds are checked; a malformed document is a
 * {@link FetchException.Corrupt} that names the object and the member, never an unchecked
 * exception.
 */
@ConsumerType
public interface ProfileFormat {

    /** The longest document that is read, in bytes. */
    int MAX_LENGTH = 32 << 20;

    /**
     * Where the profile of that name lies, relative to the repository.
     *
     * @param image the digest of the image
     * @param name of form {@link Profile#isName}
     */
    String path(Digest image, String name);

    /**
     * The paths of all objects that the profiles of an image need: their documents, and the packs
     * these name. A document that cannot be read comes without its pack.
     *
     * @param image the digest of the image, which need not be there any more
     * @return a stream to be closed; reading it on fails with an {@link
     *     java.io.UncheckedIOException} where the repository does
     */
    Stream<String> objects(Repository repository, Digest image) throws IOException;

    /**
     * Reads a document.
     *
     * @param object what messages call it
     * @param document its remaining bytes
     */
    Profile read(String object, ByteBuffer document) throws FetchException;

    /** Writes a document: always the same bytes for the same profile. */
    ByteBuffer write(Profile profile);
}

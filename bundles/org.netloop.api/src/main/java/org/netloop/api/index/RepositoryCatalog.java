package org.netloop.api.index;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Catalog of a format whose images and channels are an object of a repository each, with images
 * named by their SHA-256: removal is that of the object. A format with a catalog extends it and
 * adds how its objects are read. Thread-safe, as far as the repository is.
 */
@ConsumerType
public abstract class RepositoryCatalog implements Catalog {
    private final Repository repository;

    /** Makes the catalog of a repository, which stays the caller's to close. */
    protected RepositoryCatalog(Repository repository) {
        this.repository = repository;
    }

    /** The repository that it was made with. */
    protected final Repository repository() {
        return repository;
    }

    /**
     * Reads all channels, as {@link #channels()}.
     *
     * @param damaged gets the paths of those that cannot be read
     */
    protected abstract List<Channel> channels(List<String> damaged) throws IOException;

    @Override
    public void removeChannel(String name) throws IOException {
        String path = channelPath(name);
        if (repository.length(path).isEmpty()) {
            throw new FetchException.Missing("channel " + name + " is not in " + repository.base());
        }
        repository.delete(path);
        repository.sync();
    }

    @Override
    public void remove(Digest image) throws IOException {
        requirePresent(image, "nothing was removed: ");
        List<String> damaged = new ArrayList<>();
        for (Channel channel : channels(damaged)) {
            if (channel.image().equals(image)) {
                throw new IOException(
                        "image "
                                + image
                                + " stays: channel "
                                + channel.name()
                                + " of "
                                + repository.base()
                                + " points to it; point the channel to another image first");
            }
        }
        if (!damaged.isEmpty()) {
            throw new FetchException.Corrupt(
                    "image "
                            + image
                            + " stays: "
                            + String.join(", ", damaged)
                            + " in "
                            + repository.base()
                            + " cannot be read, so it is unknown whether it points to the image; put"
                            + " it back or delete it");
        }
        repository.delete(imagePath(image));
        repository.sync();
    }

    /**
     * Refuses an image that the repository does not have; its root is not read.
     *
     * @param consequence the beginning of the message, with a colon and a space; or empty
     * @throws FetchException.Missing if there is no such image
     * @throws IOException if the repository cannot be asked
     */
    protected final void requirePresent(Digest image, String consequence) throws IOException {
        if (image.algorithm() != DigestAlgorithm.SHA256
                || repository.length(imagePath(image)).isEmpty()) {
            throw new FetchException.Missing(
                    consequence + "image " + image + " is not in " + repository.base());
        }
    }

    /**
     * Reads an object that a digest vouches for.
     *
     * @param length its length in bytes
     * @throws FetchException.Missing if there is no such object
     * @throws FetchException.Corrupt if its bytes do not have that length and digest
     * @throws IOException if it cannot be read
     */
    protected final ByteBuffer verified(String path, Digest digest, int length) throws IOException {
        ByteBuffer bytes = repository.read(path, length);
        if (bytes.remaining() != length || !digest.matches(bytes)) {
            throw new FetchException.Corrupt(
                    path + " in " + repository.base() + " has other bytes than those of its name");
        }
        return bytes;
    }
}

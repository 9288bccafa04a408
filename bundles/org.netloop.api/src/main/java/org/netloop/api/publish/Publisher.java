package org.netloop.api.publish;

import org.osgi.annotation.versioning.ProviderType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Publishes images into repositories. Registered as a service; called by many threads at once, also
 * for one repository.
 *
 * <p>Blocks are durable before the index names them, and the index before a channel points to it:
 * whenever a publisher dies, a reader sees the old state or the new one. Publishing the same image
 * again goes on where it was left. Memory is bounded whatever the image's size.
 */
@ProviderType
public interface Publisher {

    /**
     * Publishes an image: a raw file, whose holes are not read; a block device; a raw image in a
     * file that an installed codec {@linkplain org.netloop.api.codec.Codec#openFile reads}; or an
     * image file that an installed format reads in place (qcow2). The first bytes tell which,
     * unless the spec says that they are the image as they are.
     *
     * @param progress told now and then, by one thread at a time
     * @throws IOException if the image cannot be read or the repository not be written; what was
     *     published before is as it was
     * @throws InterruptedException if the thread is interrupted; likewise
     */
    Published publish(Path image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException;

    /**
     * As {@link #publish(Path, PublishSpec, Consumer)}, from a stream read to its end and not
     * closed; of a raw image, or of one in a compressed form.
     */
    Published publish(InputStream image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException;

    /**
     * How far it is.
     *
     * @param done how many bytes of the image are dealt with
     * @param total how many there are; -1 if unknown
     * @param storedBytes how many bytes of stored blocks they took so far
     */
    record Progress(long done, long total, long storedBytes) {}
}

package org.netloop.api.publish;

import org.netloop.api.volume.ChangedVolume;
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
 * again continues where the last run stopped. Memory is bounded, whatever the image's size.
 */
@ProviderType
public interface Publisher {

    /**
     * Publishes an image: a raw file, whose holes are not read; a block device; a raw image in a
     * file that an installed codec {@linkplain org.netloop.api.codec.Codec#openFile reads}; or an
     * image file that an installed format reads in place (qcow2). The first bytes decide, unless
     * {@code spec} declares the file to be the raw image.
     *
     * @param progress receives progress now and then, from one thread at a time
     * @throws IOException if the image cannot be read or the repository not be written; earlier
     *     publications are unchanged
     * @throws InterruptedException if the thread is interrupted; earlier publications are unchanged
     */
    Published publish(Path image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException;

    /**
     * Publishes like {@link #publish(Path, PublishSpec, Consumer)}, from a stream that is read to
     * its end and not closed; it holds a raw image, or a compressed one.
     */
    Published publish(InputStream image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException;

    /**
     * Publishes an image with changes. Where the repository of {@code spec} has that image, in the
     * same form (format, block length, digest, and codec), blocks without a change are taken over
     * by name from its index: they are neither read nor encoded. All others are read from the
     * volume.
     *
     * @param image stays its owner's to close
     * @throws IOException if it cannot be read or the repository not be written; earlier
     *     publications are unchanged
     */
    Published publish(ChangedVolume image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException;

    /**
     * Progress of publishing.
     *
     * @param done bytes of the image processed
     * @param total bytes of the image; -1 if unknown
     * @param storedBytes bytes of stored blocks so far
     */
    record Progress(long done, long total, long storedBytes) {}
}

package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;
import org.netloop.api.publish.Publisher;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.volume.Volumes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Publishes images with given backends. */
final class ImagePublisher implements Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(ImagePublisher.class);
    private static final int FILE_TYPE_MASK = 0xf000;
    private static final int BLOCK_DEVICE = 0x6000;

    private final Settings settings;
    private final Backends backends;
    private final @Nullable Volumes volumes;

    /**
     * A publisher.
     *
     * @param volumes opens image files of other programs; null if nobody can
     */
    ImagePublisher(Settings settings, Backends backends, @Nullable Volumes volumes) {
        this.settings = settings;
        this.backends = backends;
        this.volumes = volumes;
    }

    @Override
    public Published publish(Path image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        if (Files.isDirectory(image)) {
            throw new IOException(image + " is a directory; an image or a block device is needed");
        }
        Overlap.refuse(image, spec.repository());
        if (Files.isRegularFile(image) || isBlockDevice(image)) {
            try (ImageSource source = sources(spec).open(image)) {
                return publish(source, spec, progress);
            }
        }
        try (InputStream stream = Files.newInputStream(image)) {
            return publish(stream, spec, progress);
        }
    }

    @Override
    public Published publish(InputStream image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        try (ImageSource source = sources(spec).open(image)) {
            return publish(source, spec, progress);
        }
    }

    private Sources sources(PublishSpec spec) {
        return new Sources(backends, volumes, Publishing.chunkLength(spec.image()), spec.asIs());
    }

    private static boolean isBlockDevice(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(path, "unix:mode") instanceof Integer mode
                && (mode & FILE_TYPE_MASK) == BLOCK_DEVICE;
    }

    private Published publish(ImageSource source, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        // A name that is none is refused before the work, not after it.
        Reference target = new Reference(spec.repository(), spec.channelOrNull(), null);
        IndexFormat format = backends.format(spec.format());
        BlockEncoder encoder = encoder(spec);
        try (Repository repository =
                backends.transport(target.repository()).open(target.repository())) {
            Optional<Catalog> catalog = catalog(format, repository, target);
            Published published =
                    new Publishing(settings, spec, encoder, format, repository, catalog)
                            .run(source, progress);
            if (target.channel().isPresent()) {
                catalog.orElseThrow().move(target.channel().get(), published.image().digest());
            }
            log(published, target);
            return published;
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw (InterruptedException)
                    new InterruptedException("publishing was interrupted").initCause(e);
        }
    }

    /**
     * What the repository holds; empty if its format has no such thing.
     *
     * @throws FetchException.Unsupported if it has none and a channel is to be moved: before the
     *     work, not after it
     */
    private static Optional<Catalog> catalog(
            IndexFormat format, Repository repository, Reference target) throws IOException {
        try {
            return Optional.of(format.catalog(repository));
        } catch (FetchException.Unsupported e) {
            if (target.channel().isPresent()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private BlockEncoder encoder(PublishSpec spec) throws IOException {
        String id = spec.image().codec();
        if (id.equals(StoredBlock.PLAIN)) {
            return new BlockEncoder(null, 0);
        }
        Codec codec = backends.codec(id);
        return new BlockEncoder(codec, spec.level().orElse(codec.levels().standard()));
    }

    private static void log(Published published, Reference target) {
        LOG.info(
                "published {} of {} bytes to {}: {} blocks, {} new with {} bytes, in {}",
                published.image().digest(),
                published.image().size(),
                target,
                published.blocks(),
                published.newBlocks(),
                published.newBytes(),
                published.took());
    }
}

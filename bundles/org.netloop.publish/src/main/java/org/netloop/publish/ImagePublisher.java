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
import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.publish.RepositoryUse.Purpose;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.trust.Signing;
import org.netloop.api.volume.ChangedVolume;
import org.netloop.api.volume.Volumes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Publishes images with given backends. */
final class ImagePublisher implements Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(ImagePublisher.class);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
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

    @Override
    public Published publish(ChangedVolume image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        try (ImageSource source = new ChangedSource(image, volumes, spec)) {
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
        requireSignable(spec, format);
        try (Repository repository = repository(spec)) {
            Optional<Catalog> catalog = catalog(format, repository, target);
            if (spec.signingOrNull() == null && target.channel().isPresent()) {
                Signing.refuseUnsigned(repository, format.entry(target));
            }
            DeltaBases bases = new DeltaBases(volumes, spec, encoder, settings.workers());
            Publishing publishing =
                    new Publishing(settings, spec, encoder, format, repository, catalog, bases);
            Published published =
                    catalog.isEmpty()
                            ? publishing.run(source, progress)
                            : publish(
                                    publishing,
                                    source,
                                    progress,
                                    repository,
                                    target,
                                    catalog.get());
            sign(spec, format, repository);
            log(published, target);
            return published;
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw (InterruptedException)
                    new InterruptedException("publishing was interrupted").initCause(e);
        }
    }

    /** Publishes where others may remove what no image needs, and keeps them from it meanwhile. */
    private static Published publish(
            Publishing publishing,
            ImageSource source,
            Consumer<Progress> progress,
            Repository repository,
            Reference target,
            Catalog catalog)
            throws IOException, InterruptedException {
        String who = "netloop pack, process " + ProcessHandle.current().pid();
        try (RepositoryUse use =
                RepositoryUse.begin(repository, Purpose.PUBLISHING, who, PATIENCE)) {
            Published published = publishing.run(source, progress);
            use.check();
            if (target.channel().isPresent()) {
                catalog.move(target.channel().get(), published.image().digest());
            }
            return published;
        }
    }

    /**
     * Returns the repository's catalog; empty if its format has none.
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

    private Repository repository(PublishSpec spec) throws IOException {
        URI base = spec.repository();
        Repository plain = backends.transport(base).open(base);
        return spec.signing().map(signing -> signing.over(plain)).orElse(plain);
    }

    /**
     * Signs what was put unsigned: a channel that pointed to the image before, or an image that is
     * one file.
     */
    private static void sign(PublishSpec spec, IndexFormat format, Repository repository)
            throws IOException {
        Signing signing = spec.signingOrNull();
        if (signing == null) {
            return;
        }
        if (!format.defaults().channels()) {
            signing.signFile(Path.of(spec.repository()));
        } else if (spec.channelOrNull() != null) {
            Reference channel = new Reference(spec.repository(), spec.channelOrNull(), null);
            signing.sign(repository, format.entry(channel), Repository.Kind.POINTER);
            repository.sync();
        }
    }

    /** Refuses before the work, not after it, to publish what cannot be signed. */
    private static void requireSignable(PublishSpec spec, IndexFormat format)
            throws FetchException.Unsupported {
        if (spec.signingOrNull() != null
                && !format.defaults().channels()
                && !"file".equals(spec.repository().getScheme())) {
            throw new FetchException.Unsupported(
                    "an image of format "
                            + format.id()
                            + " is one file, which is signed on this host only: pack it to a file,"
                            + " and copy that and its signature there");
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

package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.message.Failures;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;
import org.netloop.api.publish.Publisher.Progress;
import org.netloop.api.transport.Repository;
import org.netloop.publish.delta.DeltaMaker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One image on its way into an opened repository. Used once, by one thread. */
final class Publishing {
    private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

    /** Small blocks are read and handed on together, as each handing-on has its price. */
    private static final int LEAST_CHUNK_LENGTH = 256 << 10;

    /** Chunks beyond those being computed: read ahead, or waiting for the repository. */
    private static final int EXTRA_CHUNKS = 14;

    /** One to be packed while the next one is read. */
    private static final int LEAST_CHUNKS = 2;

    private final Settings settings;
    private final PublishSpec spec;
    private final ImageSpec image;
    private final BlockEncoder encoder;
    private final IndexFormat format;
    private final Repository repository;
    private final Optional<Catalog> catalog;
    private final DeltaBases bases;
    private final BlockTable table;

    /**
     * A publishing; the repository stays its owner's to close.
     *
     * @param catalog what the repository holds; empty if its format has no such thing
     * @param bases finds what changed blocks are encoded against
     */
    Publishing(
            Settings settings,
            PublishSpec spec,
            BlockEncoder encoder,
            IndexFormat format,
            Repository repository,
            Optional<Catalog> catalog,
            DeltaBases bases) {
        this.catalog = catalog;
        this.bases = bases;
        this.settings = settings;
        this.spec = spec;
        this.image = spec.image();
        this.encoder = encoder;
        this.format = format;
        this.repository = repository;
        this.table = new BlockTable(image.digest(), settings.tableCapacity());
    }

    /** Returns the number of bytes read at a time. */
    static int chunkLength(ImageSpec image) {
        return Math.max(image.blockLength(), LEAST_CHUNK_LENGTH);
    }

    /** Packs the image, and writes its index when all blocks are durable. */
    Published run(ImageSource source, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        try (IndexWriter index = format.write(repository, image);
                DeltaMaker deltas = bases.open(index, catalog).orElse(null)) {
            return run(source, progress, index, deltas);
        }
    }

    private Published run(
            ImageSource source,
            Consumer<Progress> progress,
            IndexWriter index,
            @Nullable DeltaMaker deltas)
            throws IOException, InterruptedException {
        FirstFailure failure = new FirstFailure();
        try (Checkpoints checkpoints =
                new Checkpoints(
                        repository,
                        index.holdsBlocks() ? Optional.empty() : journal(),
                        table,
                        settings.checkpointInterval(),
                        failure::set)) {
            Tally tally = new Tally(index, table, image.blockLength(), source.size(), progress);
            checkpoints.start();
            Packer packer = packer(index, checkpoints);
            Packer whole =
                    deltas == null ? packer : new DeltaPacker(packer, deltas, settings.workers());
            try (Conveyor conveyor = conveyor(whole, failure)) {
                new Packing(source, image.blockLength(), !index.takesChunks(), conveyor, tally)
                        .run(kept(source, index));
            }
            checkpoints.end();
            failure.check();
            tally.reportEnd();
            if (catalog.isEmpty() && !index.holdsBlocks()) {
                Completeness.check(repository, paths(index));
            }
            ImageInfo info = index.finish(tally.end());
            checkpoints.complete();
            if (catalog.isPresent()) {
                Completeness.check(
                        repository, catalog.get().objects(info.digest()).map(Catalog.Item::path));
            }
            if (deltas != null) {
                LOG.info(
                        "{} deltas of {} bytes refer to image {}",
                        deltas.count(),
                        deltas.bytes(),
                        deltas.parent());
            }
            return tally.published(info);
        }
    }

    /** Only a catalog can check in the end that what was taken over is still there. */
    private KeptBlocks kept(ImageSource source, IndexWriter index) throws InterruptedException {
        return catalog.isEmpty() ? KeptBlocks.NONE : source.kept(index);
    }

    /** The paths of the blocks this run dealt with, as far as it remembers them. */
    private Stream<String> paths(IndexWriter index) {
        Stream.Builder<String> paths = Stream.builder();
        table.forEachPresent(
                block ->
                        paths.add(
                                index.locate(block.name(), block.length(), encoder.codecId())
                                        .path()));
        return paths.build();
    }

    private Packer packer(IndexWriter index, Checkpoints checkpoints) {
        return index.holdsBlocks()
                ? new InlinePacker(encoder, image.digest(), index, settings.workers())
                : new BlockPacker(
                        encoder,
                        image.digest(),
                        index,
                        repository,
                        table,
                        checkpoints,
                        settings.workers());
    }

    private Conveyor conveyor(Packer packer, FirstFailure failure) {
        int chunkLength = chunkLength(image);
        int scratchLength = encoder.maxLength(image.blockLength());
        long affordable = settings.bufferBytes() / (chunkLength + scratchLength);
        int count = Math.clamp(affordable, LEAST_CHUNKS, settings.workers() + EXTRA_CHUNKS);
        var chunks =
                Stream.generate(() -> new Chunk(chunkLength, scratchLength)).limit(count).toList();
        return new Conveyor(packer, image.blockLength(), chunks, failure);
    }

    private Optional<Journal> journal() throws IOException {
        Digest identity = StateDirectory.identity(spec, encoder.fingerprint());
        Path directory = settings.stateDirectory().resolve(identity.hex());
        try {
            Optional<Journal> journal =
                    Journal.open(
                            directory,
                            image.digest(),
                            identity,
                            settings.tableCapacity(),
                            block -> table.put(block, BlockTable.State.REMEMBERED));
            if (journal.isEmpty()) {
                LOG.info(
                        "publishing to {} without the journal {}: another publisher has it",
                        repository.base(),
                        directory);
            }
            return journal;
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn(
                    "publishing to {} without a journal, so that every block is stored again: {}",
                    repository.base(),
                    Failures.sentence(e));
            return Optional.empty();
        }
    }
}

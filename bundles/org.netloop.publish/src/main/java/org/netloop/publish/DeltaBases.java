package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.message.Failures;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.volume.Volumes;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.publish.delta.DeltaMaker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Optional;

/**
 * Finds the image against whose blocks the changed ones of a new image are encoded: its parent, or
 * the image that its channel still points to.
 */
final class DeltaBases {
    private static final Logger LOG = LoggerFactory.getLogger(DeltaBases.class);

    private final @Nullable Volumes volumes;
    private final PublishSpec spec;
    private final BlockEncoder encoder;
    private final int workers;

    /**
     * @param volumes opens the earlier image; null if nobody can
     * @param workers number of threads that compute
     */
    DeltaBases(@Nullable Volumes volumes, PublishSpec spec, BlockEncoder encoder, int workers) {
        this.volumes = volumes;
        this.spec = spec;
        this.encoder = encoder;
        this.workers = workers;
    }

    /**
     * Opens the earlier image.
     *
     * @return empty if there is none, or if no deltas can be made against it; the deltas are a gain
     *     for readers, and no reason to fail
     */
    Optional<DeltaMaker> open(IndexWriter index, Optional<Catalog> catalog)
            throws IOException, InterruptedException {
        Codec codec = encoder.codecOrNull();
        if (volumes == null || codec == null || !spec.deltas() || !codec.encodesDeltas()) {
            return Optional.empty();
        }
        Optional<Digest> base = base(catalog);
        if (base.isEmpty() || !index.takesDeltas(base.get())) {
            return Optional.empty();
        }
        OpenVolume parent = EarlierImage.open(volumes, spec, base.get()).orElse(null);
        if (parent == null) {
            return Optional.empty();
        }
        boolean taken = false;
        try {
            if (!EarlierImage.isAlike(parent.image(), spec)) {
                LOG.info("no deltas to image {}, which is of another form", base.get());
                return Optional.empty();
            }
            int level = Math.max(encoder.level(), codec.levels().standard());
            DeltaMaker maker = new DeltaMaker(parent, codec, level, spec.image().digest(), workers);
            taken = true;
            return Optional.of(maker);
        } catch (IOException e) {
            LOG.warn("no deltas to image {}: {}", base.get(), Failures.sentence(e));
            return Optional.empty();
        } finally {
            if (!taken) {
                parent.close();
            }
        }
    }

    private Optional<Digest> base(Optional<Catalog> catalog) throws IOException {
        if (spec.image().parentOrNull() != null || catalog.isEmpty()) {
            return Optional.ofNullable(spec.image().parentOrNull());
        }
        Optional<String> channel = spec.channel();
        return channel.isEmpty()
                ? Optional.empty()
                : catalog.get().channel(channel.get()).map(Catalog.Channel::image);
    }
}

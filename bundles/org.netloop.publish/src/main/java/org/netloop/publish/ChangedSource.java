package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.volume.ChangedVolume;
import org.netloop.api.volume.Volumes;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An earlier image with changes: blocks without one are taken over by name. */
final class ChangedSource extends VolumeSource {
    private static final int MOST_KEPT = 1024;

    private final ChangedVolume volume;
    private final @Nullable Volumes volumes;
    private final PublishSpec spec;
    private @Nullable OpenVolume base;

    /** The next change from where it was looked for last. */
    private long change = -1;

    /**
     * @param volume stays its owner's to close
     * @param volumes opens the earlier image; null if nobody can
     */
    ChangedSource(ChangedVolume volume, @Nullable Volumes volumes, PublishSpec spec) {
        super(volume, () -> {});
        this.volume = volume;
        this.volumes = volumes;
        this.spec = spec;
    }

    @Override
    public KeptBlocks kept(IndexWriter index) throws InterruptedException {
        if (index.holdsBlocks() || index.takesChunks()) {
            return KeptBlocks.NONE;
        }
        OpenVolume opened = EarlierImage.open(volumes, spec, volume.base()).orElse(null);
        base = opened;
        return opened == null || !EarlierImage.isAlike(opened.image(), spec)
                ? KeptBlocks.NONE
                : offset -> kept(index, opened, offset);
    }

    private List<Block> kept(IndexWriter index, OpenVolume opened, long offset)
            throws IOException, InterruptedException {
        if (change < offset) {
            change = volume.nextChange(offset);
        }
        List<Block> kept = new ArrayList<>();
        for (long at = offset; kept.size() < MOST_KEPT && at < change; ) {
            Block block = opened.index().block(at);
            long end = Math.min(at + spec.image().blockLength(), volume.size());
            if (block.offset() != at || block.end() != end || end > change) {
                break;
            }
            if (!isSame(index, block.storedOrNull())) {
                break;
            }
            kept.add(block);
            at = end;
        }
        return kept;
    }

    /** Returns whether the new index would name the stored block in the same way. */
    private boolean isSame(IndexWriter index, @Nullable StoredBlock stored) {
        return stored != null
                && stored.verification() == Verification.STORED
                && stored.key().algorithm() == spec.image().digest()
                && (stored.codec().equals(spec.image().codec())
                        || stored.codec().equals(StoredBlock.PLAIN))
                && stored.equals(index.locate(stored.key(), stored.length(), stored.codec()));
    }

    @Override
    public void close() {
        if (base != null) {
            base.close();
        }
    }
}

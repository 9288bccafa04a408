package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.index.Delta;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.util.List;

/** An index whose blocks have deltas to blocks of earlier images. */
record WithDeltas(Index index, Lookup lookup, Earlier earlier, List<Digest> deltaBases)
        implements Index {
    private static final Digest PARENT =
            Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(new byte[] {1}));

    /** An index whose deltas refer to blocks of an image with a fixed name. */
    WithDeltas(Index index, Lookup lookup) {
        this(index, lookup, (_, _) -> null, List.of(PARENT));
    }

    /** Looks the delta of a block up. */
    interface Lookup {
        @Nullable Delta at(long offset) throws FetchException;
    }

    /** Looks up the delta by which an earlier image got a block. */
    interface Earlier {
        @Nullable Delta giving(Digest plain, int images) throws FetchException;
    }

    @Override
    public ImageInfo image() {
        return index.image();
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        return index.block(offset);
    }

    @Override
    public @Nullable Block blockIfLoaded(long offset) {
        return index.blockIfLoaded(offset);
    }

    @Override
    public Extent extent(long offset) throws FetchException, InterruptedException {
        return index.extent(offset);
    }

    @Override
    public @Nullable Delta delta(long offset) throws FetchException {
        return lookup.at(offset);
    }

    @Override
    public @Nullable Delta earlierDelta(Digest plain, int images) throws FetchException {
        return earlier.giving(plain, images);
    }
}

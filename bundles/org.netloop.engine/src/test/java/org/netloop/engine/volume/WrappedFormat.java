package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A format whose calls, and those of its indexes, are counted and may go wrong. */
class WrappedFormat implements IndexFormat {
    private final IndexFormat good;

    final AtomicInteger asked = new AtomicInteger();
    volatile @Nullable Runnable deed;

    WrappedFormat(IndexFormat good) {
        this.good = good;
    }

    void act() {
        asked.incrementAndGet();
        Runnable act = deed;
        if (act != null) {
            act.run();
        }
    }

    @Override
    public String id() {
        return good.id();
    }

    @Override
    public String entry(Reference reference) {
        return good.entry(reference);
    }

    @Override
    public boolean recognises(ByteBuffer head) {
        act();
        return good.recognises(head);
    }

    @Override
    public Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException {
        Index index = good.open(reference, objects);
        return new Index() {
            @Override
            public ImageInfo image() {
                return index.image();
            }

            @Override
            public Block block(long offset) throws FetchException, InterruptedException {
                act();
                return index.block(changed(offset));
            }

            @Override
            public @Nullable Block blockIfLoaded(long offset) {
                act();
                return index.blockIfLoaded(changed(offset));
            }

            @Override
            public Extent extent(long offset) throws FetchException, InterruptedException {
                act();
                return index.extent(changed(offset));
            }
        };
    }

    long changed(long offset) {
        return offset;
    }
}

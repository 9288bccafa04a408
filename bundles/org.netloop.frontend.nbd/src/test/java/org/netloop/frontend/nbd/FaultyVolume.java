package org.netloop.frontend.nbd;

import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A volume of ones; nothing is in memory, and from some number of reads on all fail. */
final class FaultyVolume implements Volume {
    private final long size;
    private final AtomicInteger readsLeft;

    FaultyVolume(long size, int goodReads) {
        this.size = size;
        this.readsLeft = new AtomicInteger(goodReads);
    }

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Digest identity() {
        throw new UnsupportedOperationException("nobody asks");
    }

    @Override
    public int preferredLength() {
        return 4096;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws VolumeException {
        if (readsLeft.getAndDecrement() <= 0) {
            throw new VolumeException.Io("the block at " + offset + " is gone\u001b[31m", null);
        }
        while (into.hasRemaining()) {
            into.put((byte) 1);
        }
    }

    @Override
    public boolean readIfPresent(long offset, ByteBuffer into) {
        return false;
    }

    @Override
    public Extent extent(long offset, long length) {
        return new Extent(offset, length, false);
    }
}

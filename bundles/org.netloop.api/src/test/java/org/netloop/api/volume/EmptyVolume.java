package org.netloop.api.volume;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;

import java.nio.ByteBuffer;

/** A volume without bytes, for tests that only pass one on. */
public record EmptyVolume(String name, boolean isWritable) implements Volume {
    @Override
    public long size() {
        return 0;
    }

    @Override
    public Digest identity() {
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(0));
    }

    @Override
    public int preferredLength() {
        return 1;
    }

    @Override
    public void read(long offset, ByteBuffer into) {}

    @Override
    public boolean readIfPresent(long offset, ByteBuffer into) {
        return true;
    }

    @Override
    public Extent extent(long offset, long length) {
        return new Extent(offset, length, true);
    }
}

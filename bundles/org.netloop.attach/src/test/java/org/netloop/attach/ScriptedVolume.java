package org.netloop.attach;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A writable volume of one repeated byte, which notes what is asked of it. For one thread. */
final class ScriptedVolume implements Volume {
    /** Runs before a read or a write, and may fail it. */
    @FunctionalInterface
    interface Before {
        void on(ByteBuffer bytes) throws VolumeException;
    }

    private final String name;
    private final long size;
    private final int content;
    final List<String> log = new ArrayList<>();
    Digest identity;
    boolean writable = true;
    Before before = _ -> {};
    BlockState state = new BlockState(BlockState.Place.REMOTE, false, 16);

    ScriptedVolume(String name, long size, int content) {
        this.name = name;
        this.size = size;
        this.content = content;
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        this.identity = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Digest identity() {
        return identity;
    }

    @Override
    public int preferredLength() {
        return 16;
    }

    @Override
    public BlockState state(long offset) {
        return state;
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws VolumeException {
        before.on(into);
        while (into.hasRemaining()) {
            into.put((byte) content);
        }
    }

    @Override
    public boolean readIfPresent(long offset, ByteBuffer into) {
        return false;
    }

    @Override
    public Extent extent(long offset, long length) {
        log.add("extent " + offset + "+" + length);
        return new Extent(offset, length, false);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws VolumeException {
        before.on(from);
        log.add("write " + offset + "+" + from.remaining());
    }

    @Override
    public void zero(long offset, long length, boolean keepRoom) {
        log.add("zero " + offset + "+" + length + (keepRoom ? " kept" : ""));
    }

    @Override
    public void trim(long offset, long length) {
        log.add("trim " + offset + "+" + length);
    }

    @Override
    public void flush() {
        log.add("flush");
    }
}

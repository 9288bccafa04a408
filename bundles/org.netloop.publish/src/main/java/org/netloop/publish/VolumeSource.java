package org.netloop.publish;

import org.netloop.api.block.Extent;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An image file of another program, read as it would be served. Its holes are not read. */
final class VolumeSource implements ImageSource {
    private final OpenVolume volume;

    /** Takes the volume over. */
    VolumeSource(OpenVolume volume) {
        this.volume = volume;
    }

    @Override
    public long size() {
        return volume.size();
    }

    @Override
    public Extent extent(long offset) throws IOException, InterruptedException {
        return volume.extent(offset, volume.size() - offset);
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException, InterruptedException {
        int wanted = (int) Math.min(into.remaining(), volume.size() - offset);
        into.limit(into.position() + wanted);
        volume.read(offset, into);
        return wanted;
    }

    @Override
    public void close() {
        volume.close();
    }
}

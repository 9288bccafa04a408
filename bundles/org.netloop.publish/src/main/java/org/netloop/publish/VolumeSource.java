package org.netloop.publish;

import org.netloop.api.block.Extent;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes of a volume, as it would be served: that of another program's image file, or of an image
 * with changes. Its holes are not read.
 */
class VolumeSource implements ImageSource {
    private final Volume volume;
    private final Closeable end;

    /** Takes the volume over. */
    VolumeSource(OpenVolume volume) {
        this(volume, volume::close);
    }

    /**
     * @param end closed with this
     */
    VolumeSource(Volume volume, Closeable end) {
        this.volume = volume;
        this.end = end;
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
    public void close() throws IOException {
        end.close();
    }
}

package org.netloop.attach;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Measures;
import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The volume a frontend holds: it stays, while the one behind it may leave and be succeeded by
 * another of the same image. Reads wait for the successor, up to the grace period. Thread-safe.
 */
class StandingVolume implements Volume {
    private final String name;
    private final long size;
    private final Digest identity;
    private final int preferredLength;
    private final boolean writable;
    private volatile Duration grace;

    /** Changed under the monitor; read without it. */
    private volatile @Nullable Volume current;

    /** Stands for that volume and those that succeed it; as an image, if it is one. */
    static StandingVolume of(Volume first, Duration grace) {
        return first instanceof ImageVolume image
                ? new StandingImage(image, grace)
                : new StandingVolume(first, grace);
    }

    StandingVolume(Volume first, Duration grace) {
        this.name = first.name();
        this.size = first.size();
        this.identity = first.identity();
        this.preferredLength = first.preferredLength();
        this.writable = first.isWritable();
        this.grace = grace;
        this.current = first;
    }

    /** Returns whether a volume may replace the present one: it must have the same content. */
    boolean accepts(Volume successor) {
        return successor.identity().equals(identity)
                && successor.size() == size
                && successor.isWritable() == writable;
    }

    void grace(Duration time) {
        grace = time;
    }

    synchronized void succeed(Volume successor) {
        current = successor;
        notifyAll();
    }

    /** Returns whether the volume that is read now is one of those. */
    boolean isThere(Collection<Volume> present) {
        Volume volume = current;
        return volume != null && present.contains(volume);
    }

    synchronized void leave(Volume leaving) {
        if (current == leaving) {
            current = null;
        }
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
        return preferredLength;
    }

    /**
     * Returns the measures of the volume that is present now, or the one measure that there is
     * none.
     */
    @Override
    public List<Measure> measures() {
        Volume volume = current;
        return volume != null
                ? volume.measures()
                : new Measures(Map.of(Volume.LABEL, name))
                        .text("netloop_volume_state", "Why there is nothing to measure.", absence())
                        .list();
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public boolean readIfPresent(long offset, ByteBuffer into) {
        Volume volume = current;
        return volume != null && volume.readIfPresent(offset, into);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws VolumeException, InterruptedException {
        int start = into.position();
        onCurrent(
                volume -> {
                    into.position(start);
                    volume.read(offset, into);
                    return true;
                });
    }

    @Override
    public Extent extent(long offset, long length) throws VolumeException, InterruptedException {
        return onCurrent(volume -> volume.extent(offset, length));
    }

    /** Returns what the volume that is present now knows; nothing while there is none. */
    @Override
    public BlockState state(long offset) {
        Volume volume = current;
        return volume != null ? volume.state(offset) : Volume.super.state(offset);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws VolumeException, InterruptedException {
        int start = from.position();
        onCurrent(
                volume -> {
                    from.position(start);
                    volume.write(offset, from);
                    return true;
                });
    }

    @Override
    public void zero(long offset, long length, boolean keepRoom)
            throws VolumeException, InterruptedException {
        onCurrent(
                volume -> {
                    volume.zero(offset, length, keepRoom);
                    return true;
                });
    }

    @Override
    public void trim(long offset, long length) throws VolumeException, InterruptedException {
        onCurrent(
                volume -> {
                    volume.trim(offset, length);
                    return true;
                });
    }

    @Override
    public void flush() throws VolumeException, InterruptedException {
        onCurrent(
                volume -> {
                    volume.flush();
                    return true;
                });
    }

    /** The volume behind it now, or an exception that says that it is being replaced. */
    final Volume present() {
        Volume volume = current;
        if (volume == null) {
            throw new IllegalStateException(absence());
        }
        return volume;
    }

    private String absence() {
        return "volume " + name + " is being replaced; ask again in a moment";
    }

    @FunctionalInterface
    interface Operation<T> {
        T on(Volume volume) throws VolumeException, InterruptedException;
    }

    /** An operation that failed because its volume left is done again on the successor. */
    final <T> T onCurrent(Operation<T> operation) throws VolumeException, InterruptedException {
        for (; ; ) {
            Volume volume = await();
            try {
                return operation.on(volume);
            } catch (VolumeException e) {
                if (current == volume) {
                    throw e;
                }
            } catch (LinkageError e) {
                // The code of a volume that left may be gone: another one has taken its place.
                if (current == volume) {
                    throw new VolumeException.Io("volume " + name + " failed: " + e, e);
                }
            }
        }
    }

    private Volume await() throws VolumeException, InterruptedException {
        Volume volume = current;
        if (volume != null) {
            return volume;
        }
        Duration patience = grace;
        long end = System.nanoTime() + patience.toNanos();
        synchronized (this) {
            for (long left = patience.toNanos();
                    current == null && left > 0;
                    left = end - System.nanoTime()) {
                wait(left / 1_000_000 + 1);
            }
            volume = current;
        }
        if (volume == null) {
            throw new VolumeException.Io(
                    "volume "
                            + name
                            + " left and did not come back within "
                            + patience.toSeconds()
                            + " s; see why its engine or its configuration is gone",
                    null);
        }
        return volume;
    }
}

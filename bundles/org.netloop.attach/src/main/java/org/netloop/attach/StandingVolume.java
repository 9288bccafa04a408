package org.netloop.attach;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.volume.ReadException;
import org.netloop.api.volume.Recording;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeStatus;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The volume a frontend holds: it stays, while the one behind it may leave and be succeeded by
 * another of the same image. Reads wait for the successor, up to the grace period. Thread-safe.
 */
final class StandingVolume implements Volume {
    private final String name;
    private final ImageInfo image;
    private volatile Duration grace;

    /** Changed under the monitor; read without it. */
    private volatile @Nullable Volume current;

    StandingVolume(Volume first, Duration grace) {
        this.name = first.name();
        this.image = first.image();
        this.grace = grace;
        this.current = first;
    }

    /** Whether a volume may stand behind it: of the same content. */
    boolean accepts(Volume successor) {
        return successor.image().digest().equals(image.digest());
    }

    void grace(Duration time) {
        grace = time;
    }

    synchronized void succeed(Volume successor) {
        current = successor;
        notifyAll();
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
    public ImageInfo image() {
        return image;
    }

    @Override
    public boolean readIfPresent(long offset, ByteBuffer into) {
        Volume volume = current;
        return volume != null && volume.readIfPresent(offset, into);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws ReadException, InterruptedException {
        int start = into.position();
        onCurrent(
                volume -> {
                    into.position(start);
                    volume.read(offset, into);
                    return true;
                });
    }

    @Override
    public Extent extent(long offset, long length) throws ReadException, InterruptedException {
        return onCurrent(volume -> volume.extent(offset, length));
    }

    @Override
    public Block verify(long offset) throws ReadException, InterruptedException {
        return onCurrent(volume -> volume.verify(offset));
    }

    /** Of the volume that is behind it now; it ends when that one leaves. */
    @Override
    public Recording record(String profile) {
        return present().record(profile);
    }

    @Override
    public VolumeStatus status() {
        return present().status();
    }

    private Volume present() {
        Volume volume = current;
        if (volume == null) {
            throw new IllegalStateException(
                    "volume " + name + " is being replaced; ask again in a moment");
        }
        return volume;
    }

    @FunctionalInterface
    private interface Operation<T> {
        T on(Volume volume) throws ReadException, InterruptedException;
    }

    /** An operation that failed because its volume left is done again on the successor. */
    private <T> T onCurrent(Operation<T> operation) throws ReadException, InterruptedException {
        for (; ; ) {
            Volume volume = await();
            try {
                return operation.on(volume);
            } catch (ReadException e) {
                if (current == volume) {
                    throw e;
                }
            } catch (LinkageError e) {
                // The code of a volume that left may be gone: another one has taken its place.
                if (current == volume) {
                    throw new ReadException("volume " + name + " failed: " + e, e);
                }
            }
        }
    }

    private Volume await() throws ReadException, InterruptedException {
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
            throw new ReadException(
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

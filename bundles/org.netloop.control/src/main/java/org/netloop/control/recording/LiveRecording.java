package org.netloop.control.recording;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.profile.Profile;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Recording;

import java.util.ArrayList;
import java.util.List;

/**
 * A recording that goes on while the volume of its name is replaced by another one of the same
 * image: when its engine is updated or its configuration changed. It ends when that one has another
 * image. Keeps nothing of a volume that has left. Thread-safe.
 */
final class LiveRecording {
    private final String volume;
    private final String name;
    private final long begunNanos = System.nanoTime();

    // All guarded by the monitor.
    private final List<Part> parts = new ArrayList<>();
    private final Reads earlier = new Reads();
    private @Nullable ImageInfo image;
    private String over = "";

    /** One volume's, while it is there. */
    private record Part(ImageVolume of, Recording recording, long laterMillis) {}

    /**
     * Creates a recording without a volume yet.
     *
     * @param volume the name of those that come
     * @param name what the profile is called
     */
    LiveRecording(String volume, String name) {
        this.volume = volume;
        this.name = name;
    }

    String volume() {
        return volume;
    }

    /** Records from now on what is read of it, if its image is that of those before. */
    synchronized void came(ImageVolume successor) {
        ImageInfo now = successor.image();
        if (!over.isEmpty()) {
            return;
        }
        if (image != null && !image.digest().equals(now.digest())) {
            over = "volume " + volume + " has image " + now.digest() + " now: record it again";
            return;
        }
        image = now;
        parts.add(new Part(successor, successor.record(name), millis()));
    }

    /** Ends the part of a volume that leaves; keeps what was recorded of it, and nothing else. */
    synchronized void left(ImageVolume leaving) {
        parts.removeIf(
                part -> {
                    if (part.of() == leaving) {
                        part.recording().close();
                        earlier.add(part.recording().profile(), part.laterMillis());
                        return true;
                    }
                    return false;
                });
    }

    private long millis() {
        return (System.nanoTime() - begunNanos) / 1_000_000;
    }

    /** Returns whether a volume has arrived yet. */
    synchronized boolean isBegun() {
        return image != null;
    }

    /** Returns the reason why recording stopped; empty while it continues. */
    synchronized String over() {
        return over;
    }

    /** Returns what was recorded so far, of whichever volume. */
    synchronized Profile profile() {
        if (image == null) {
            throw new IllegalStateException("nothing is recorded of volume " + volume + " yet");
        }
        if (isSimple()) {
            return parts.getFirst().recording().profile();
        }
        Reads all = earlier.copy();
        parts.forEach(part -> all.add(part.recording().profile(), part.laterMillis()));
        return new Profile(image.digest(), name, all.entries(), null);
    }

    /** Returns whether all of it comes from the first volume. */
    private boolean isSimple() {
        return parts.size() == 1 && earlier.isEmpty();
    }

    /**
     * Returns the number of blocks recorded. Exact unless the volume was replaced and its blocks
     * differ in length.
     */
    synchronized int blocks() {
        if (image == null) {
            return 0;
        }
        if (isSimple()) {
            return parts.getFirst().recording().blocks();
        }
        long length = image.maxBlockLength();
        return (int)
                profile().entries().stream()
                        .mapToLong(entry -> (entry.length() + length - 1) / length)
                        .sum();
    }
}

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
     * Of no volume yet.
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
            over = "volume " + volume + " has image " + now.digest() + " now: record that one anew";
            return;
        }
        image = now;
        parts.add(new Part(successor, successor.record(name), millis()));
    }

    /** What was read of it is kept, and nothing else. */
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

    /** Whether a volume came yet. */
    synchronized boolean isBegun() {
        return image != null;
    }

    /** Why nothing more is recorded; empty if it goes on. */
    synchronized String over() {
        return over;
    }

    /** What was read so far, by whichever volume. */
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

    /** Whether all of it is of the volume that it began with. */
    private boolean isSimple() {
        return parts.size() == 1 && earlier.isEmpty();
    }

    /**
     * How many blocks that is. Exact unless the volume was replaced and its blocks differ in
     * length.
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

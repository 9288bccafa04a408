package org.netloop.attach;

import org.jspecify.annotations.Nullable;
import org.netloop.api.volume.Volume;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The volumes that are services now, in the order in which they came. Thread-safe. */
final class Candidates {
    private final List<Volume> volumes = new CopyOnWriteArrayList<>();

    /** Volumes that leave existing attachments to the volume they have. */
    private final Set<Volume> gentle = ConcurrentHashMap.newKeySet();

    void add(Volume volume, Map<String, Object> properties) {
        if (Boolean.TRUE.equals(properties.get(Volume.GENTLE))) {
            gentle.add(volume);
        }
        volumes.add(volume);
    }

    void remove(Volume volume) {
        volumes.remove(volume);
        gentle.remove(volume);
    }

    /** Returns the one of a name that came last; null if there is none. */
    @Nullable Volume newest(String name) {
        List<Volume> named = volumes.stream().filter(v -> v.name().equals(name)).toList();
        return named.isEmpty() ? null : named.getLast();
    }

    /** Returns whether an attachment stays as it is although that volume is the newest. */
    boolean leaves(StandingVolume attached, Volume newest) {
        return attached.accepts(newest) || gentle.contains(newest) && attached.isThere(volumes);
    }
}

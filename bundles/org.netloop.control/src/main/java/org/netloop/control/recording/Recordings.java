package org.netloop.control.recording;

import org.jspecify.annotations.Nullable;
import org.netloop.api.profile.Profile;
import org.netloop.api.volume.ImageVolume;
import org.netloop.control.config.RefusedException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Recordings in progress in a deployment. A recording that nobody asks for any more ends by itself,
 * so that a client that was killed leaves nothing behind. Thread-safe.
 */
public final class Recordings implements AutoCloseable {
    private static final int NONE_KNOWN = -1;
    private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);

    private final BundleContext context;
    private final Duration lease;

    // All guarded by the monitor.
    private final Map<Long, Running> running = new HashMap<>();
    private long last;

    /**
     * Creates the recordings for the volumes of a framework.
     *
     * @param lease how long a recording goes on without being asked for
     */
    public Recordings(BundleContext context, Duration lease) {
        this.context = context;
        this.lease = lease;
    }

    /**
     * State of a recording.
     *
     * @param profileOrNull what was read so far, without a pack; null if it is known already
     * @param blocks how many blocks that is
     * @param over why nothing more is recorded; empty if it goes on
     */
    public record Recorded(@Nullable Profile profileOrNull, int blocks, String over) {}

    private static final class Running {
        private final LiveRecording recording;
        private final ServiceTracker<ImageVolume, ImageVolume> volumes;
        private volatile long askedNanos = System.nanoTime();

        private Running(LiveRecording recording, ServiceTracker<ImageVolume, ImageVolume> volumes) {
            this.recording = recording;
            this.volumes = volumes;
        }

        private Recorded recorded(int known) {
            askedNanos = System.nanoTime();
            int blocks = recording.blocks();
            return new Recorded(
                    blocks == known ? null : recording.profile(), blocks, recording.over());
        }
    }

    /**
     * Begins to record what is read of a volume.
     *
     * @param profile what the profile is called
     * @return the number of the recording
     * @throws RefusedException if there is no such volume, or it is being recorded already
     */
    public synchronized long begin(String volume, String profile) throws RefusedException {
        if (!Profile.isName(profile)) {
            throw new RefusedException("'" + profile + "' is not a valid profile name");
        }
        for (Running other : running.values()) {
            if (other.recording.volume().equals(volume)) {
                throw new RefusedException(
                        "volume " + volume + " is being recorded already: end that recording");
            }
        }
        LiveRecording recording = new LiveRecording(volume, profile);
        ServiceTracker<ImageVolume, ImageVolume> volumes = tracker(recording);
        volumes.open();
        if (!recording.isBegun()) {
            volumes.close();
            throw new RefusedException("there is no volume " + volume + " that is open");
        }
        long number = ++last;
        running.put(number, new Running(recording, volumes));
        Thread.ofVirtual().name("recording-" + volume).start(() -> watch(number));
        LOG.info("volume {} is being recorded as profile {}", volume, profile);
        return number;
    }

    private ServiceTracker<ImageVolume, ImageVolume> tracker(LiveRecording recording)
            throws RefusedException {
        try {
            String filter =
                    String.format(
                            "(&(objectClass=%s)(%s=%s))",
                            ImageVolume.class.getName(),
                            ImageVolume.NAME,
                            escaped(recording.volume()));
            return new ServiceTracker<>(
                    context, FrameworkUtil.createFilter(filter), new Followed(recording));
        } catch (InvalidSyntaxException e) {
            throw new RefusedException("'" + recording.volume() + "' is not a valid volume name");
        }
    }

    private static String escaped(String value) {
        return value.replaceAll("([\\\\*()])", "\\\\$1");
    }

    /** Volumes of the name, as they come and leave. */
    private final class Followed implements ServiceTrackerCustomizer<ImageVolume, ImageVolume> {
        private final LiveRecording recording;

        private Followed(LiveRecording recording) {
            this.recording = recording;
        }

        @Override
        public @Nullable ImageVolume addingService(ServiceReference<ImageVolume> reference) {
            ImageVolume volume = context.getService(reference);
            if (volume != null) {
                recording.came(volume);
            }
            return volume;
        }

        @Override
        public void modifiedService(ServiceReference<ImageVolume> reference, ImageVolume volume) {
            // It is the same volume.
        }

        @Override
        public void removedService(ServiceReference<ImageVolume> reference, ImageVolume volume) {
            recording.left(volume);
            context.ungetService(reference);
        }
    }

    /** Ends a recording whose client has gone. */
    private void watch(long number) {
        try {
            while (true) {
                Running watched;
                synchronized (this) {
                    watched = running.get(number);
                }
                if (watched == null) {
                    return;
                }
                long left = watched.askedNanos + lease.toNanos() - System.nanoTime();
                if (left <= 0) {
                    LOG.warn(
                            "the recording of volume {} ends, because no client asked for it for {} s",
                            watched.recording.volume(),
                            lease.toSeconds());
                    end(number);
                    return;
                }
                Thread.sleep(Duration.ofNanos(left));
            }
        } catch (InterruptedException | RefusedException e) {
            LOG.debug("recording {} has ended: {}", number, e.toString());
        }
    }

    /**
     * Returns the state of a recording; asking extends its lease.
     *
     * @param known how many blocks the profile had that is known already; -1 if none is
     * @throws RefusedException if there is none of that number
     */
    public synchronized Recorded look(long number, int known) throws RefusedException {
        return find(number).recorded(known);
    }

    private Running find(long number) throws RefusedException {
        Running found = running.get(number);
        if (found == null) {
            throw new RefusedException(
                    "there is no recording "
                            + number
                            + " (any more): one ends if it is not asked for within "
                            + lease.toSeconds()
                            + " s");
        }
        return found;
    }

    /**
     * Ends a recording.
     *
     * @throws RefusedException if there is none of that number
     */
    public synchronized Recorded end(long number) throws RefusedException {
        Running ending = find(number);
        running.remove(number);
        Recorded recorded = ending.recorded(NONE_KNOWN);
        ending.volumes.close();
        LOG.info(
                "volume {} is not recorded any more: {} blocks",
                ending.recording.volume(),
                recorded.blocks());
        return recorded;
    }

    /** Ends them all. */
    @Override
    public synchronized void close() {
        running.values().forEach(one -> one.volumes.close());
        running.clear();
    }
}

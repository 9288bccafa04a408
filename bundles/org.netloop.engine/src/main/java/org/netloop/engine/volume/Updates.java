package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Follows the channel of a volume: looks for another image now and then, or when told to, and takes
 * it by the volume's policy. Nothing that fails here changes what is read. Thread-safe.
 */
final class Updates implements ControlVerb {
    /** Prefix of the verbs; the name of the volume follows. */
    static final String VERB = "volume.follow.";

    private static final Logger LOG = LoggerFactory.getLogger(Updates.class);

    private final String volume;
    private final Publications publications;
    private final Channel channel;
    private final Refusal refusal;
    private final Probation probation;
    private final Follower follower;

    /** One look at the channel at a time. Taken before the monitor, which no look holds. */
    private final ReentrantLock looking = new ReentrantLock();

    /** Not under the monitor: whoever sets it holds another one. */
    private volatile HealthCommand health = new HealthCommand(List.of(), Duration.ZERO);

    private volatile Policy policy = Policy.OFF;

    // Guarded by the monitor.
    private @Nullable FoundImage candidate;
    private @Nullable Digest refused;
    private boolean closed;

    /** Decides which attachments get another image, and when. */
    enum Policy {
        /** The channel is not followed. */
        OFF,
        /** Opens and prefetches the image, which waits for {@code netloop volume switch}. */
        ASK,
        /** New attachments get it, existing ones keep theirs. */
        ON_DETACH,
        /** All attachments are made again. */
        NOW;

        static Policy parse(String text) {
            try {
                return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "update is '" + text + "', not off, ask, on-detach or now", e);
            }
        }
    }

    /** Remembers over restarts which image a volume was rolled back to, and from which. */
    interface Refusal {
        /** Remembers a rollback. */
        void put(Digest image, Digest left);

        /** Forgets it. */
        void clear();
    }

    /**
     * @param source opens the image that the channel points to now
     * @param refusal remembers over restarts what is not to be taken again
     */
    Updates(String volume, Publications publications, Channel.Source source, Refusal refusal) {
        this.volume = volume;
        this.publications = publications;
        this.channel = new Channel(source);
        this.refusal = refusal;
        this.probation = new Probation(volume, this::failed);
        this.follower = new Follower(volume, mostAge -> check(false, mostAge));
    }

    /** Sets what an image has to prove itself by after a switch. */
    void probe(HealthCommand by) {
        health = by;
    }

    /**
     * Follows by a policy from now on.
     *
     * @param every mean time between two looks; zero: only when told to
     */
    void follow(Policy by, Duration every) {
        policy = by;
        follower.follow(by == Policy.OFF ? Duration.ZERO : every);
    }

    /**
     * Looks for another image and takes it by the policy; returns what a person is told. Opening an
     * image may take the volume's patience: nobody else waits for it meanwhile.
     */
    private String check(boolean evenRefused, Duration mostAge)
            throws IOException, InterruptedException {
        looking.lockInterruptibly();
        try {
            OpenedVolume before = present();
            Channel.Look last = evenRefused ? null : channel.last(before);
            String settled = last == null ? null : nothingNew(last.image(), before, false);
            if (last != null && settled != null && channel.leadsThere(last, mostAge)) {
                return settled;
            }
            int restarts = channel.restarts();
            FoundImage fresh = channel.open();
            Channel.Look look = new Channel.Look(fresh.digest(), fresh.volume().roots(), restarts);
            String told = decide(fresh, before, evenRefused);
            channel.note(look);
            return told;
        } finally {
            looking.unlock();
        }
    }

    /**
     * Takes an image by the policy, or closes it.
     *
     * @param before the present image when it was found
     */
    private synchronized String decide(FoundImage fresh, OpenedVolume before, boolean evenRefused)
            throws IOException {
        String settled = nothingNew(fresh.digest(), before, evenRefused);
        if (settled == null) {
            drop();
            return take(fresh, before);
        }
        fresh.volume().close();
        return settled;
    }

    /**
     * Returns what a person is told of an image that changes nothing; null if it is to be taken.
     */
    private synchronized @Nullable String nothingNew(
            Digest image, OpenedVolume before, boolean evenRefused) {
        String told;
        if (closed) {
            told = " is no longer used";
        } else if (candidate != null && candidate.isWanted() && candidate.digest().equals(image)) {
            told = ": " + waiting(image);
        } else if (image.equals(before.image().digest()) || !evenRefused && image.equals(refused)) {
            told = " has the image of its channel, or refused it: " + image;
        } else {
            return null;
        }
        return "volume " + volume + told;
    }

    private OpenedVolume present() throws IOException {
        OpenedVolume present = publications.present();
        if (present == null) {
            throw new IOException("volume " + volume + " is not open yet");
        }
        return present;
    }

    private String waiting(Digest image) {
        return "image " + image + " is ready; take it by: netloop volume switch " + volume;
    }

    private String take(FoundImage fresh, OpenedVolume before) throws IOException {
        Digest image = fresh.digest();
        Policy by = policy;
        String told;
        boolean taken;
        if (by == Policy.NOW) {
            taken = publications.switchTo(fresh, before);
            told = "it has image " + image + " now, and so have all attachments";
        } else if (by == Policy.ON_DETACH && publications.haveRoom()) {
            taken = publications.addBeside(fresh, before);
            told =
                    "new attachments get image "
                            + image
                            + "; existing ones keep theirs until: netloop volume switch "
                            + volume;
        } else {
            taken = publications.present() == before && fresh.isWanted();
            candidate = taken ? fresh : null;
            told = waiting(image);
        }
        if (!taken) {
            fresh.volume().close();
            throw changedMeanwhile();
        }
        forget();
        if (by == Policy.NOW) {
            probation.begin(image, health);
        }
        LOG.info("volume {}: {}", volume, told);
        return "volume " + volume + ": " + told;
    }

    private IOException changedMeanwhile() {
        return new IOException(
                "volume "
                        + volume
                        + " was configured anew or rolled back while its channel was read; look"
                        + " again by: netloop volume update "
                        + volume);
    }

    private void drop() {
        if (candidate != null) {
            candidate.volume().close();
            candidate = null;
        }
    }

    /** Moves all attachments to the newest image. */
    private String switchOver() throws IOException, InterruptedException {
        if (hasNothingNewer()) {
            check(true, Duration.ZERO); // an image that was left is taken again on purpose
            synchronized (this) {
                forget();
            }
        }
        return moveOver();
    }

    private synchronized boolean hasNothingNewer() {
        return candidate == null && !publications.servesSeveral();
    }

    private synchronized String moveOver() throws IOException {
        OpenedVolume before = present();
        Digest left = before.image().digest();
        boolean several = publications.servesSeveral();
        FoundImage next = candidate;
        if (next != null) {
            if (!publications.switchTo(next, before)) {
                drop();
                throw changedMeanwhile();
            }
            candidate = null;
        } else if (several) {
            publications.retire();
        }
        Digest now = present().image().digest();
        if (several || !now.equals(left)) {
            probation.begin(now, health);
        }
        return "volume " + volume + " has image " + now;
    }

    /** Returns to the image before, without a look at any mirror. */
    private synchronized String goBack() throws IOException {
        Digest left = present().image().digest();
        if (!publications.goBack()) {
            throw new IOException(
                    "volume "
                            + volume
                            + " has had no other image since it was opened; set its reference to"
                            + " REPO@DIGEST to choose one");
        }
        drop();
        probation.end();
        Digest now = present().image().digest();
        refused = left;
        refusal.put(now, left);
        return "volume "
                + volume
                + " is back at image "
                + now
                + "; "
                + left
                + " is not taken again, but by: netloop volume switch "
                + volume;
    }

    /** Goes back from an image that did not prove itself, unless that was left already. */
    private synchronized void failed(Digest image, String why) {
        try {
            if (present().image().digest().equals(image)) {
                LOG.error("volume {}: image {} is not healthy: {}", volume, image, why);
                LOG.warn("{}", goBack());
            }
        } catch (IOException e) {
            LOG.error("volume {} stays with image {}: {}", volume, image, Failures.sentence(e));
        }
    }

    private void forget() {
        refused = null;
        refusal.clear();
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException, InterruptedException {
        String what = request.text("what");
        String told =
                switch (what) {
                    case "update" -> check(false, Duration.ZERO);
                    case "switch" -> switchOver();
                    case "rollback" -> goBack();
                    default -> throw new IllegalArgumentException("'" + what + "' is unknown");
                };
        return Map.of("message", told);
    }

    /** A look may take another image too, and a way back is remembered over a restart. */
    @Override
    public boolean isChange(ControlRequest request) {
        return true;
    }

    /** Fetching a profile is not waited for, but opening an image is. */
    @Override
    public Duration limit() {
        return LONGEST_LIMIT;
    }

    /**
     * Begins anew, as another image was configured: what waits is of no use. A look at the channel
     * that is under way finds another image present, and takes nothing.
     *
     * @param left an image that is not to be taken; null if there is none
     */
    synchronized void restart(@Nullable Digest left) {
        drop();
        channel.restart();
        probation.end();
        refused = left;
    }

    /** Ends. What waits is closed. */
    void close() {
        follower.close();
        synchronized (this) {
            closed = true;
            restart(null);
        }
    }
}

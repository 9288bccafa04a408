package org.netloop.api.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A sign in a repository that somebody publishes into it or removes objects from it: the two
 * exclude each other, on one machine and on many, in a directory and in a bucket. At one time any
 * number may publish, or one may remove.
 *
 * <p>The sign is an object below {@value #DIRECTORY}, put again every {@link #REFRESH}. One that
 * was not put for {@link #LIFETIME}, by the clock of the storage, is left over from a process that
 * died, and no longer counts. Each use first puts its own sign and then looks for others, so of two
 * that begin at the same time at least one sees the other; the one that removes gives way.
 *
 * <p>A use whose sign was not put for that long, or is gone, is lost for good: others may have
 * begun meanwhile, and putting the sign again would not tell them. Thread-safe.
 */
public final class RepositoryUse implements AutoCloseable {
    /** Directory of the signs. */
    public static final String DIRECTORY = "uses/";

    /** A sign that is older is left over from a process that died. */
    public static final Duration LIFETIME = Duration.ofMinutes(5);

    /** Interval at which a sign is renewed. */
    public static final Duration REFRESH = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final int LONGEST_SIGN = 1024;

    private final Repository repository;
    private final Purpose purpose;
    private final String who;
    private final String path;
    private final Clock clock;
    private final Instant began;
    private volatile Instant refreshed;
    private volatile boolean lost;
    private volatile boolean ended;
    private volatile @Nullable Thread refresher;

    /** Reason for a use. */
    public enum Purpose {
        /** Objects are put, and an image will name them. */
        PUBLISHING,
        /** Objects that no image names are removed. */
        REMOVING;

        private String prefix() {
            return DIRECTORY + name().toLowerCase(java.util.Locale.ROOT) + "-";
        }
    }

    private record Sign(String path, Instant modified) {}

    private RepositoryUse(Repository repository, Purpose purpose, String who, Clock clock) {
        this.repository = repository;
        this.purpose = purpose;
        this.who = who;
        this.clock = clock;
        this.path = purpose.prefix() + UUID.randomUUID();
        this.began = clock.instant();
        this.refreshed = began;
    }

    /**
     * Begins to use a repository, and waits until nobody uses it in a way that excludes this one.
     *
     * @param who what others are told: {@code netloop pack on host-7}
     * @param patience how long to wait for others; not negative
     * @throws IOException if others still use it then; the message names one of them
     */
    public static RepositoryUse begin(
            Repository repository, Purpose purpose, String who, Duration patience)
            throws IOException, InterruptedException {
        RepositoryUse use = begin(repository, purpose, who, patience, Clock.systemUTC());
        use.refresher = Thread.ofVirtual().name("repository use").start(use::refreshUntilItEnds);
        return use;
    }

    /** Begins a use that nobody refreshes: for tests, by a clock of theirs. */
    static RepositoryUse begin(
            Repository repository, Purpose purpose, String who, Duration patience, Clock clock)
            throws IOException, InterruptedException {
        RepositoryUse use = new RepositoryUse(repository, purpose, who, clock);
        boolean begun = false;
        try {
            use.put();
            use.await(patience);
            begun = true;
            return use;
        } finally {
            if (!begun) {
                repository.delete(use.path);
            }
        }
    }

    private void put() throws IOException {
        Instant now = clock.instant();
        String text = who + ", since " + began + "\n";
        repository.put(path, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), Kind.POINTER);
        refreshed = now;
    }

    private void await(Duration patience) throws IOException, InterruptedException {
        Instant end = clock.instant().plus(patience);
        for (@Nullable Sign other = other(); other != null; other = other()) {
            if (!clock.instant().isBefore(end)) {
                throw new IOException(
                        "repository "
                                + repository.base()
                                + " is in use by "
                                + text(other)
                                + "; run this again when that has ended (a process that died counts"
                                + " for "
                                + LIFETIME.toMinutes()
                                + " minutes more)");
            }
            if (purpose == Purpose.REMOVING) {
                repository.delete(path); // whoever publishes goes first
            }
            Thread.sleep(LOOK_AGAIN);
            put();
        }
    }

    /** Another use that excludes this one; null if there is none. */
    private @Nullable Sign other() throws IOException {
        List<Sign> signs = new ArrayList<>();
        try (Stream<Repository.Entry> entries = repository.list(DIRECTORY)) {
            entries.forEach(entry -> signs.add(new Sign(entry.path(), entry.modified())));
        }
        Instant now =
                signs.stream()
                        .filter(sign -> sign.path().equals(path))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "repository "
                                                        + repository.base()
                                                        + " does not list "
                                                        + path
                                                        + ", which was just put: it cannot be"
                                                        + " shared safely"))
                        .modified();
        Sign found = null;
        for (Sign sign : signs) {
            if (sign.modified().isBefore(now.minus(LIFETIME))) {
                repository.delete(sign.path());
            } else if (excludes(sign)) {
                found = sign;
            }
        }
        return found;
    }

    private boolean excludes(Sign sign) {
        return !sign.path().equals(path)
                && (purpose == Purpose.REMOVING
                        || sign.path().startsWith(Purpose.REMOVING.prefix()));
    }

    private String text(Sign sign) {
        try {
            ByteBuffer bytes = repository.read(sign.path(), LONGEST_SIGN);
            return StandardCharsets.UTF_8.decode(bytes).toString().strip();
        } catch (IOException _) {
            return sign.path(); // it has ended meanwhile, or cannot be read
        }
    }

    private void refreshUntilItEnds() {
        while (!ended) {
            try {
                Thread.sleep(REFRESH);
                refresh();
            } catch (InterruptedException _) {
                return;
            } catch (IOException _) {
                // Tried again soon; if it fails for long, check() says so.
            }
        }
    }

    /** Puts the sign again, unless others may have taken it for one of a process that died. */
    void refresh() throws IOException {
        if (!isLost() && isThere()) {
            put();
        }
    }

    private boolean isThere() throws IOException {
        if (repository.length(path).isEmpty()) {
            lost = true;
        }
        return !lost;
    }

    /** Returns its start by the clock of the storage: objects stored since then are newer. */
    public Instant began() throws IOException {
        try (Stream<Repository.Entry> entries = repository.list(path)) {
            return entries.findFirst()
                    .orElseThrow(() -> new IOException(lost()))
                    .modified()
                    .minus(Duration.between(began, refreshed));
        }
    }

    /**
     * Returns whether others may have taken it for one of a process that died, as far as this
     * process knows by its own clock; asks nobody, so it may be called before every removal.
     */
    public boolean isLost() {
        if (Duration.between(refreshed, clock.instant()).compareTo(LIFETIME) >= 0) {
            lost = true;
        }
        return lost;
    }

    /**
     * Checks that others could see it all the time, and asks the repository whether the sign is
     * still there. Called before what was done becomes visible to readers, or is undone.
     *
     * @throws IOException if it could not be refreshed for so long that others may have taken it
     *     for dead, at any time since it began; or if the repository cannot be asked
     */
    public void check() throws IOException {
        if (isLost() || !isThere()) {
            throw new IOException(lost());
        }
    }

    private String lost() {
        return "the use of repository "
                + repository.base()
                + " was not refreshed for "
                + LIFETIME.toMinutes()
                + " minutes, so others may have removed what it put; run this again";
    }

    @Override
    public void close() throws IOException {
        ended = true;
        Thread running = refresher;
        if (running != null) {
            running.interrupt();
            boolean interrupted = Thread.interrupted();
            try {
                running.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        repository.delete(path);
    }
}

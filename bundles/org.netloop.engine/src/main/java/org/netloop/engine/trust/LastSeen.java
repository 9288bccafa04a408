package org.netloop.engine.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.message.Failures;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.trust.SeenFile.Content;
import org.netloop.engine.trust.SeenFile.Seen;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Remembers which sequence of each channel was accepted last, and refuses an older one: a mirror
 * that shows an old copy, by mistake or on purpose, does not bring an old image back. Also the
 * identity of each repository, and the latest time. Thread-safe; several processes may share the
 * directory, and then one of two that accept at the same moment is remembered.
 *
 * <p>One {@link SeenFile} a channel, named by the digest of the {@link RepositoryName} and the
 * path. Where nothing of it is intact, no channel is believed: it might be an old one.
 */
public final class LastSeen {
    private static final Logger LOG = LoggerFactory.getLogger(LastSeen.class);
    private static final String FILES = "file";
    private static final String ON_PURPOSE =
            "To accept it on purpose: --accept-older, or accept.older=true in the volume's"
                    + " configuration";

    /** No path of an object: so no channel is called so. */
    private static final String IDENTITY = ":identity";

    /** No digest: so nothing else is remembered under it. */
    private static final String TIME = "latest-time";

    private final @Nullable Path directory;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    /** Keys of what could not be written: it is newer than what is on disk. */
    private final Set<String> unsaved = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * @param directory where it is remembered, made when it is needed; null to remember only as
     *     long as this object lives
     */
    public LastSeen(@Nullable Path directory) {
        this.directory = directory;
    }

    /** Returns where it is remembered; null if only this object remembers it. */
    public @Nullable Path directory() {
        return directory;
    }

    /**
     * Checks a channel against what was accepted before.
     *
     * @param repository names the repository, whatever mirrors serve it
     * @param path the channel
     * @param from which mirror sent it
     * @param sequence of the channel; negative if it has none, and then nothing is checked
     * @param root its bytes, whose position is left as it was
     * @throws FetchException.Untrusted if it is older, or another one of the same sequence; the
     *     latter may be in a directory of files, which is made anew more often than it is attacked.
     *     Or if what was accepted before is damaged
     */
    public void check(URI repository, String path, URI from, long sequence, ByteBuffer root)
            throws FetchException.Untrusted {
        if (sequence < 0) {
            return;
        }
        Content before = before(key(repository, path));
        Seen last = before.seen();
        if (last == null && !before.damaged().isEmpty()) {
            throw new FetchException.Untrusted(
                    from
                            + " cannot be held against what was accepted before: "
                            + before.damaged().getFirst()
                            + " is damaged. "
                            + ON_PURPOSE);
        }
        if (last == null) {
            return;
        }
        boolean other =
                sequence == last.sequence()
                        && !FILES.equals(repository.getScheme())
                        && !last.root().matches(root);
        if (sequence < last.sequence() || other) {
            throw new FetchException.Untrusted(
                    from
                            + " is at sequence "
                            + sequence
                            + (other ? " with other content than" : ", but sequence")
                            + (other ? " was accepted before" : " " + last.sequence())
                            + (other ? "" : " was accepted before")
                            + ": a stale mirror, or an attempt to serve an old image. "
                            + ON_PURPOSE);
        }
    }

    /**
     * Remembers a channel that was accepted, unless a newer one was accepted since it was checked.
     * What cannot be written is told once, and remembered as long as this object lives.
     */
    public void accept(URI repository, String path, long sequence, ByteBuffer root) {
        if (sequence >= 0) {
            remember(key(repository, path), sequence, root, false);
        }
    }

    /**
     * Remembers a channel that was accepted on purpose, also if it is older than the one before.
     */
    void acceptOlder(URI repository, String path, long sequence, ByteBuffer root) {
        if (sequence >= 0) {
            remember(key(repository, path), sequence, root, true);
        }
    }

    private synchronized void remember(String key, long sequence, ByteBuffer root, boolean back) {
        Seen fresh = new Seen(sequence, Digest.of(DigestAlgorithm.SHA256, root));
        Content before = before(key);
        Seen last = before.seen();
        Seen now = last == null || back || sequence >= last.sequence() ? fresh : last;
        // What is damaged of it is written again.
        if (now.equals(last) && before.damaged().isEmpty()) {
            return;
        }
        seen.put(key, now);
        unsaved.add(key);
        if (directory != null) {
            try {
                new SeenFile(directory, key).write(now);
                unsaved.remove(key);
            } catch (IOException e) {
                tell(directory, "cannot be written", e);
            }
        }
    }

    /** Returns what was accepted last: what could not be written, or what is on disk. */
    private Content before(String key) {
        Content stored = new Content(null, List.of());
        if (directory != null) {
            try {
                stored = new SeenFile(directory, key).read();
            } catch (IOException e) {
                tell(directory, "cannot be read", e);
            }
            stored.damaged().forEach(file -> LOG.warn("{} is damaged", file));
        }
        boolean inMemory = unsaved.contains(key) || stored.seen() == null;
        return inMemory ? new Content(seen.get(key), stored.damaged()) : stored;
    }

    /**
     * Checks the identity of a repository against the one that was accepted before.
     *
     * @param from which mirror sent it
     * @throws FetchException.Untrusted if it is another one
     */
    void checkIdentity(URI repository, URI from, String identity) throws FetchException.Untrusted {
        Content before = before(key(repository, IDENTITY));
        Seen last = before.seen();
        if (last == null ? !before.damaged().isEmpty() : !last.root().matches(bytes(identity))) {
            throw new FetchException.Untrusted(
                    from
                            + " belongs to the repository '"
                            + identity
                            + "', which is not the one as before: somebody serves an image of"
                            + " another repository, or it was set up anew. To accept it on purpose:"
                            + " --trust-repository "
                            + identity);
        }
    }

    /** Remembers the identity of a repository, in place of the one before. */
    void acceptIdentity(URI repository, String identity) {
        accept(repository, IDENTITY, 0, bytes(identity));
    }

    /** Returns the latest time that was accepted; long past if none was. */
    Instant latestTime() {
        Seen last = before(TIME).seen();
        return Instant.ofEpochSecond(last == null ? 0 : last.sequence());
    }

    /** Remembers a time. */
    void acceptTime(Instant time) {
        remember(TIME, time.getEpochSecond(), bytes(TIME), false);
    }

    /** Returns where the latest time is remembered, for a message. */
    String placeOfTime() {
        return directory == null
                ? "nothing, but start this process again"
                : directory.resolve(TIME) + " and " + directory.resolve(TIME + ".copy");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private void tell(Path where, String what, IOException why) {
        if (told.compareAndSet(false, true)) {
            LOG.warn(
                    "{} {} ({}): that a channel went back to an older image is noticed only as long"
                            + " as this process lives",
                    where,
                    what,
                    Failures.sentence(why));
        }
    }

    private static String key(URI repository, String path) {
        String place = RepositoryName.of(repository) + "\n" + path;
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(place.getBytes(UTF_8))).hex();
    }
}

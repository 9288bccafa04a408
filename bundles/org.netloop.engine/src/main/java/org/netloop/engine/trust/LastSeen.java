package org.netloop.engine.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.file.PrivateDirectory;
import org.netloop.api.transport.FetchException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Remembers which sequence of each channel was accepted last, and refuses an older one: a mirror
 * that shows an old copy, by mistake or on purpose, does not bring an old image back. Until
 * channels are signed it is all that stands against that. Thread-safe; several processes may share
 * the directory, and then one of two that accept at the same moment is remembered.
 *
 * <p>One file a channel, named by the digest of repository and path. It holds one line: the
 * sequence, a space, and the SHA-256 of the channel's bytes.
 */
public final class LastSeen {
    private static final Logger LOG = LoggerFactory.getLogger(LastSeen.class);
    private static final String FILES = "file";
    private static final int LONGEST = 256;

    private final @Nullable Path directory;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * What was accepted.
     *
     * @param sequence at least 0
     * @param root of the channel's bytes
     */
    private record Seen(long sequence, Digest root) {
        /** Null if it is none. */
        static @Nullable Seen parse(String line) {
            String[] parts = line.strip().split(" ", 2);
            try {
                return parts.length == 2
                        ? new Seen(Long.parseLong(parts[0]), Digest.parse(parts[1]))
                        : null;
            } catch (IllegalArgumentException _) {
                return null;
            }
        }

        @Override
        public String toString() {
            return sequence + " " + root + "\n";
        }
    }

    /**
     * @param directory where it is remembered, made when it is needed; null to remember only as
     *     long as this object lives
     */
    public LastSeen(@Nullable Path directory) {
        this.directory = directory;
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
     *     latter may be in a directory of files, which is made anew more often than it is attacked
     */
    public void check(URI repository, String path, URI from, long sequence, ByteBuffer root)
            throws FetchException.Untrusted {
        Seen last = sequence < 0 ? null : last(key(repository, path));
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
                            + ": a stale mirror, or somebody wants an old image to be read. To"
                            + " accept it on purpose: --accept-older, or accept.older=true in the"
                            + " volume's configuration");
        }
    }

    /**
     * Remembers a channel that was accepted, also an older one than before. What cannot be written
     * is told once, and remembered as long as this object lives.
     */
    public void accept(URI repository, String path, long sequence, ByteBuffer root) {
        if (sequence < 0) {
            return;
        }
        String key = key(repository, path);
        Seen now = new Seen(sequence, Digest.of(DigestAlgorithm.SHA256, root));
        if (now.equals(last(key))) {
            return;
        }
        seen.put(key, now);
        if (directory != null) {
            try {
                write(directory, key, now);
            } catch (IOException e) {
                tell(directory, "cannot be written", e);
            }
        }
    }

    /** What is on disk counts: another process may have seen a newer one. */
    private @Nullable Seen last(String key) {
        if (directory != null) {
            Path file = directory.resolve(key);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
                while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                    // to the end, or as much as one has
                }
                Seen last = Seen.parse(UTF_8.decode(bytes.flip()).toString());
                if (last != null) {
                    return last;
                }
                LOG.warn("{} is damaged and passed over", file);
            } catch (NoSuchFileException _) {
                // Nothing was accepted before, or it could not be written.
            } catch (IOException e) {
                tell(directory, "cannot be read", e);
            }
        }
        return seen.get(key);
    }

    private static void write(Path directory, String key, Seen now) throws IOException {
        Path safe = PrivateDirectory.create(directory);
        Path fresh = Files.createTempFile(safe, "new-", "");
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ByteBuffer line = UTF_8.encode(now.toString());
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
            Files.move(
                    fresh,
                    safe.resolve(key),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private void tell(Path where, String what, IOException why) {
        if (told.compareAndSet(false, true)) {
            LOG.warn(
                    "{} {} ({}): that a channel went back to an older image is noticed only as long"
                            + " as this process lives",
                    where,
                    what,
                    why.toString());
        }
    }

    /** Without user, password and query: they change, and the repository is the same. */
    private static String key(URI repository, String path) {
        String place =
                repository.getScheme()
                        + "://"
                        + repository.getHost()
                        + ":"
                        + repository.getPort()
                        + String.valueOf(repository.getRawPath()).replaceAll("/+$", "")
                        + "\n"
                        + path;
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(place.getBytes(UTF_8))).hex();
    }
}

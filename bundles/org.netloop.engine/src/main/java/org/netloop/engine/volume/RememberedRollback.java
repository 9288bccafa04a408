package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.file.AtomicFile;
import org.netloop.api.file.PrivateDirectory;
import org.netloop.api.file.SmallFile;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Failures;
import org.netloop.api.transport.FetchException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Memory of a volume that was rolled back, so that a restart does not take the image again that was
 * left: a file {@code rollback-NAME-HASH} in the state directory, which the deployments of a user
 * share; the hash is the begin of the reference's. Three lines: the SHA-256 of the volume's
 * reference, the image that was returned to, and the one that was left. Thread-safe.
 */
final class RememberedRollback implements Updates.Refusal {
    private static final Logger LOG = LoggerFactory.getLogger(RememberedRollback.class);
    private static final int LONGEST = 16 << 10;
    private static final int LINES = 3;
    private static final int HEX_DIGITS = 16;

    private final @Nullable Path directory;
    private final String volume;
    private final Supplier<Reference> reference;

    /**
     * @param directory the state directory, made when it is needed; null to remember nothing
     * @param volume the volume's name
     * @param reference gives the volume's present one
     */
    RememberedRollback(@Nullable Path directory, String volume, Supplier<Reference> reference) {
        this.reference = reference;
        this.directory = directory;
        this.volume = volume;
    }

    /**
     * A rollback.
     *
     * @param image the image that was returned to
     * @param left the image that is not to be taken again
     */
    private record Rollback(Digest image, Digest left) {}

    /**
     * Opens the image of a volume: the one that it was rolled back to before a restart, or else
     * what its reference means.
     */
    OpenedVolume openFirst(Engine engine, WantedVolume as)
            throws IOException, InterruptedException {
        Optional<Rollback> back = as.isFollowing() ? read(as.spec().reference()) : Optional.empty();
        if (back.isPresent()) {
            Digest image = back.get().image();
            try {
                OpenedVolume opened = engine.opener().open(as.with(image), as.mirrors().asked());
                LOG.warn(
                        "volume {} stays at image {}, as it was rolled back from {}",
                        as.spec().name(),
                        image,
                        back.get().left());
                return opened;
            } catch (FetchException.Missing | FetchException.Untrusted e) {
                LOG.warn(
                        "volume {} was rolled back to an image that is gone, or not trusted any"
                                + " more; what its reference means is opened: {}",
                        as.spec().name(),
                        e.getMessage());
            }
        }
        return engine.opener().open(as.spec(), as.mirrors().asked());
    }

    /** Returns what was left for an image that was returned to; null if nothing was. */
    @Nullable Digest leftFor(Digest image) {
        return read(reference.get())
                .filter(back -> back.image().equals(image))
                .map(Rollback::left)
                .orElse(null);
    }

    private Optional<Rollback> read(Reference of) {
        if (directory == null) {
            return Optional.empty();
        }
        Path file = file(directory, of);
        try {
            String[] lines = SmallFile.text(file, LONGEST).split("\n", -1);
            if (lines.length != LINES + 1) {
                throw new IllegalArgumentException("it has " + lines.length + " lines");
            }
            return lines[0].equals(hash(of).toString())
                    ? Optional.of(new Rollback(Digest.parse(lines[1]), Digest.parse(lines[2])))
                    : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} is not heeded, it cannot be read: {}", file, Failures.sentence(e));
            return Optional.empty();
        }
    }

    private Path file(Path in, Reference of) {
        return in.resolve("rollback-" + volume + "-" + hash(of).hex().substring(0, HEX_DIGITS));
    }

    /** Not the reference itself, which may have a password. */
    private static Digest hash(Reference reference) {
        byte[] text = reference.toString().getBytes(StandardCharsets.UTF_8);
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(text));
    }

    /** Remembers a rollback, or says in the log that it cannot. */
    @Override
    public void put(Digest image, Digest left) {
        if (directory == null) {
            return;
        }
        Reference of = reference.get();
        String text = hash(of) + "\n" + image + "\n" + left + "\n";
        try {
            PrivateDirectory.create(directory);
            AtomicFile.write(
                    file(directory, of),
                    ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)),
                    PrivateDirectory.ownersFile());
        } catch (IOException e) {
            LOG.warn("a restart will take image {} again: {}", left, Failures.sentence(e));
        }
    }

    @Override
    public void clear() {
        if (directory == null) {
            return;
        }
        Path file = file(directory, reference.get());
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", file, Failures.sentence(e));
        }
    }
}

package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.KnownContainer;
import org.netloop.api.index.Reference;
import org.netloop.api.message.FeatureHint;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.fetch.MirrorSet;
import org.netloop.engine.fetch.Persistence;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.netloop.engine.read.MirrorObjects;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the format of what a reference names: first by the objects a repository begins with, then,
 * where the reference may name a file, by what the file itself begins or ends with, and last by
 * whoever takes any file. Used by one thread.
 */
final class Recognition {
    private static final String THE_FILE = "";
    private static final String LOCAL = "file";

    private final Backends<IndexFormat> formats;
    private final Reference reference;
    private final MirrorObjects objects;
    private final MirrorSet mirrors;
    private final Map<String, Head> heads = new LinkedHashMap<>();
    private ByteBuffer tail = ByteBuffer.allocate(0);

    /** The bytes an entry object is recognised by, or what kept them from being read. */
    private record Head(@Nullable ByteBuffer bytes, @Nullable FetchException failure) {}

    /** An opened index, and the format that opened it and may leave. */
    record Found(Use<IndexFormat> format, Index index) {}

    private final List<String> defects = new ArrayList<>();

    Recognition(
            Backends<IndexFormat> formats,
            Reference reference,
            MirrorObjects objects,
            MirrorSet mirrors) {
        this.formats = formats;
        this.reference = reference;
        this.objects = objects;
        this.mirrors = mirrors;
    }

    /**
     * Opens the image by the format of that id, whatever its bytes look like.
     *
     * @param grace how long a format that left is waited for
     * @throws FetchException if it is not installed, or cannot open it
     */
    Found openBy(String id, Duration grace) throws FetchException, InterruptedException {
        try (Use<IndexFormat> use = formats.enter(id, grace)) {
            if (use == null) {
                throw new FetchException.Unsupported(
                        FeatureHint.absent("no index format", "format", id, formats.keys()));
            }
            return found(use);
        } catch (BackendException e) {
            throw new FetchException.Unavailable(reference + ": " + e.getMessage(), e);
        }
    }

    private Found found(Use<IndexFormat> use)
            throws FetchException, BackendException, InterruptedException {
        return new Found(
                use.standing(),
                use.call(
                        FetchException.class,
                        format -> Objects.requireNonNull(format.open(reference, objects))));
    }

    /**
     * Opens the image by the format that recognises it.
     *
     * @throws FetchException if no installed format recognises it, or the one that does cannot open
     *     it
     */
    Found open() throws FetchException, InterruptedException {
        Found index = openByHead(entry -> !entry.equals(THE_FILE), false);
        if (index == null && mayBeFile()) {
            index = openByHead(THE_FILE::equals, false);
            index = index == null ? openByTail() : index;
            index = index == null ? openAsItIs() : index;
        }
        if (index == null) {
            throw notRecognised();
        }
        return index;
    }

    /**
     * Most entries are nowhere: a mirror that is down is waited for once, and not where another one
     * lacks the entry.
     */
    private Persistence persistence() {
        return isSilent() ? Persistence.ONCE : Persistence.UNLESS_LACKED;
    }

    private boolean isSilent() {
        return heads.values().stream()
                .anyMatch(head -> head.failure() instanceof FetchException.Unavailable);
    }

    /**
     * A URI that ends in a slash names no file; and who does not answer need not be asked twice.
     */
    private boolean mayBeFile() {
        String path = reference.repository().getRawPath();
        return path != null && !path.endsWith("/") && !isSilent();
    }

    private @Nullable Found openByHead(Predicate<String> entries, boolean lastResort)
            throws FetchException, InterruptedException {
        return openFirst(
                format -> {
                    String entry =
                            format.isLastResort() == lastResort ? format.entry(reference) : null;
                    ByteBuffer head =
                            entry != null && entries.test(entry) ? head(entry).bytes() : null;
                    return head != null && format.recognises(head.duplicate());
                });
    }

    /**
     * A container that no format reads is no disk: a format that takes nearly anything is not asked
     * about it. Otherwise its bytes would turn into another disk once its format is installed.
     */
    private @Nullable Found openAsItIs() throws FetchException, InterruptedException {
        ByteBuffer begin = head(THE_FILE).bytes();
        Optional<KnownContainer> known =
                begin == null ? Optional.empty() : KnownContainer.of(begin, tail);
        if (known.isPresent()) {
            throw new FetchException.Unsupported(
                    known.get().refusal(reference.repository().toString(), false));
        }
        return openByHead(THE_FILE::equals, true);
    }

    private @Nullable Found openByTail() throws FetchException, InterruptedException {
        if (head(THE_FILE).bytes() == null) {
            return null;
        }
        long length = objects.unverifiedVersion(THE_FILE).length();
        tail =
                objects.readUnverified(
                        THE_FILE,
                        Math.max(0, length - IndexFormat.HEAD_LENGTH),
                        IndexFormat.HEAD_LENGTH);
        return openFirst(
                format ->
                        format.entry(reference).equals(THE_FILE)
                                && format.recognisesTail(tail.duplicate()));
    }

    /** A format that fails in a way it should not is passed over. */
    private @Nullable Found openFirst(Use.Call<IndexFormat, Boolean> recognises)
            throws FetchException, InterruptedException {
        for (String id : formats.keysByRank()) {
            try (Use<IndexFormat> use = formats.enter(id)) {
                if (use != null && use.call(FetchException.class, recognises)) {
                    return found(use);
                }
            } catch (BackendException e) {
                defects.add(String.valueOf(e.getMessage()));
            }
        }
        return null;
    }

    private Head head(String entry) throws InterruptedException {
        Head known = heads.get(entry);
        if (known != null) {
            return known;
        }
        Head head;
        try {
            head = new Head(objects.readHead(entry, IndexFormat.HEAD_LENGTH, persistence()), null);
        } catch (FetchException e) {
            head = new Head(null, e);
            if (e instanceof FetchException.Denied) {
                // A bucket that may not be listed denies what is not there.
                mirrors.unbar();
            }
        }
        heads.put(entry, head);
        return head;
    }

    /** A path that leads to nothing of use is told as such, not as attempts at a mirror. */
    private Optional<FetchException> useless() {
        URI repository = reference.repository();
        if (mirrors.all().size() != 1 || !LOCAL.equals(repository.getScheme())) {
            return Optional.empty();
        }
        Path path = Path.of(repository.getPath());
        if (!Files.exists(path)) {
            return Optional.of(new FetchException.Missing(path + ": no such file or directory"));
        }
        if (Files.isDirectory(path)) {
            return isEmpty(path)
                    ? Optional.of(
                            new FetchException.Missing(
                                    path + " is an empty directory: nothing is published there"))
                    : Optional.empty();
        }
        return Files.isRegularFile(path)
                ? Optional.empty()
                : Optional.of(
                        new FetchException.Unsupported(
                                path
                                        + " is neither a file nor a directory: name an image file"
                                        + " or a repository"));
    }

    private static boolean isEmpty(Path directory) {
        try (Stream<Path> content = Files.list(directory)) {
            return content.findAny().isEmpty();
        } catch (IOException _) {
            // Why it cannot be read is among the reasons.
            return false;
        }
    }

    private FetchException notRecognised() {
        Optional<FetchException> useless = useless();
        if (useless.isPresent()) {
            return useless.get();
        }
        List<String> reasons = new ArrayList<>(defects);
        FetchException failure = null;
        for (Map.Entry<String, Head> head : heads.entrySet()) {
            FetchException why = head.getValue().failure();
            failure = why == null ? failure : why;
            String name = head.getKey().equals(THE_FILE) ? "the file itself" : head.getKey();
            reasons.add(
                    why == null
                            ? name + " is of no installed format"
                            : String.valueOf(why.getMessage()));
        }
        String message =
                "no image at "
                        + reference
                        + ": "
                        + String.join("; ", reasons)
                        + " (formats installed: "
                        + String.join(", ", formats.keys())
                        + ")";
        return failure == null
                ? new FetchException.Unsupported(message)
                : failure.withMessage(message);
    }
}

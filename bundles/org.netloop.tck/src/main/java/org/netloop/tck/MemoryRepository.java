package org.netloop.tck;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.ObjectWriter;
import org.netloop.api.transport.Repository;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A repository in memory, which keeps a journal of what was done to it and of what was read through
 * {@link #objects()}. Called by many threads at once.
 */
public final class MemoryRepository implements Repository {
    private static final Pattern PART = Pattern.compile("(?!\\.\\.?(/|$))[^/]+");

    private final NavigableMap<String, Held> objects = new ConcurrentSkipListMap<>();
    private final Queue<Step> journal = new ConcurrentLinkedQueue<>();
    private final Queue<Read> reads = new ConcurrentLinkedQueue<>();

    /** Set if the base URI names an object, beside which others lie. */
    private volatile boolean isObject;

    private final AtomicInteger putsLeft = new AtomicInteger(Integer.MAX_VALUE);

    /** Change to a repository, or a step that makes changes durable. */
    public enum Action {
        /** An object was put. */
        PUT,
        /** An object was deleted. */
        DELETE,
        /** All that was put before was made durable. */
        SYNC
    }

    /**
     * One action on the repository.
     *
     * @param action what
     * @param path to which object; empty for a sync
     */
    public record Step(Action action, String path) {}

    /**
     * A read through an {@link ObjectReader}.
     *
     * @param path the object
     * @param length how many bytes it gave
     */
    public record Read(String path, int length) {}

    private record Held(byte[] bytes, Kind kind, Instant modified) {}

    /** Called before an object is read: may wait, and may fail in its place. */
    @FunctionalInterface
    public interface BeforeRead {
        /** Called before the object of that path is read. */
        void reading(String path) throws FetchException, InterruptedException;
    }

    /** Creates an empty repository. */
    public MemoryRepository() {}

    @Override
    public URI base() {
        return URI.create("memory:/repository/");
    }

    private String checked(String path) {
        String below = isObject && path.startsWith("../") ? path.substring(3) : path;
        for (String part : below.split("/", -1)) {
            if (!PART.matcher(part).matches()) {
                throw new IllegalArgumentException("'" + path + "' is not a valid object path");
            }
        }
        return path;
    }

    private Held held(String path) throws FetchException.Missing {
        Held held = objects.get(checked(path));
        if (held == null) {
            throw new FetchException.Missing("there is no " + path + " in memory");
        }
        return held;
    }

    @Override
    public OptionalLong length(String path) {
        Held held = objects.get(checked(path));
        return held == null ? OptionalLong.empty() : OptionalLong.of(held.bytes().length);
    }

    @Override
    public ByteBuffer read(String path, int maxLength) throws FetchException {
        byte[] bytes = held(path).bytes();
        if (bytes.length > maxLength) {
            throw new FetchException.Corrupt(
                    path + " has " + bytes.length + " bytes, more than the allowed " + maxLength);
        }
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public void put(String path, ByteBuffer bytes, Kind kind) throws IOException {
        if (putsLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            throw new IOException("no space left in memory for " + path);
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        objects.put(checked(path), new Held(copy, kind, Instant.now()));
        journal.add(new Step(Action.PUT, path));
    }

    @Override
    public ObjectWriter write(String path) {
        String checked = path.isEmpty() ? path : checked(path);
        if (path.isEmpty()) {
            isObject = true;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return new ObjectWriter() {
            @Override
            public void write(ByteBuffer piece) {
                while (piece.hasRemaining()) {
                    bytes.write(piece.get());
                }
            }

            @Override
            public void finish() {
                objects.put(checked, new Held(bytes.toByteArray(), Kind.DOCUMENT, Instant.now()));
                journal.add(new Step(Action.PUT, checked));
                journal.add(new Step(Action.SYNC, ""));
            }

            @Override
            public void close() {
                // Nothing is held but by whoever finished it.
            }
        };
    }

    /** Returns the object at the base URI itself, which was written there. */
    public byte[] whole() throws FetchException {
        Held held = objects.get("");
        if (held == null) {
            throw new FetchException.Missing("nothing was written to " + base());
        }
        return held.bytes();
    }

    @Override
    public void sync() {
        journal.add(new Step(Action.SYNC, ""));
    }

    @Override
    public Stream<Entry> list(String prefix) {
        return objects.tailMap(prefix, true).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> entry(entry.getKey(), entry.getValue()));
    }

    private static Entry entry(String path, Held held) {
        return new Entry(path, held.bytes().length, held.modified());
    }

    @Override
    public void delete(String path) {
        if (objects.remove(checked(path)) != null) {
            journal.add(new Step(Action.DELETE, path));
        }
    }

    @Override
    public void close() {
        // It lives as long as whoever holds it.
    }

    /** Takes so many more objects; a put beyond them fails and leaves nothing behind. */
    public void takeOnly(int puts) {
        putsLeft.set(puts);
    }

    /** Returns the kind of object that it was put as. */
    public Kind kind(String path) throws FetchException.Missing {
        return held(path).kind();
    }

    /** Returns the actions performed, in order. A copy. */
    public List<Step> journal() {
        return List.copyOf(journal);
    }

    /** Returns the reads through its {@link ObjectReader}s, in order. A copy. */
    public List<Read> reads() {
        return List.copyOf(reads);
    }

    /** Forgets what was read so far. */
    public void forgetReads() {
        reads.clear();
    }

    /** Reads its objects, verified by their digests, and decodes none: for codec {@code none}. */
    public ObjectReader objects() {
        return objects(_ -> {});
    }

    /** Returns a reader like {@link #objects()}, which calls {@code before} each time. */
    public ObjectReader objects(BeforeRead before) {
        return new Reader(before, true);
    }

    /**
     * Reads its objects as they are, whatever their names say: a repository whose publisher is
     * hostile.
     */
    public ObjectReader unverifiedObjects() {
        return new Reader(_ -> {}, false);
    }

    private final class Reader implements ObjectReader {
        private final BeforeRead before;
        private final boolean verifying;

        private Reader(BeforeRead before, boolean verifying) {
            this.before = before;
            this.verifying = verifying;
        }

        private ByteBuffer counted(String path, ByteBuffer bytes) {
            reads.add(new Read(path, bytes.remaining()));
            return bytes;
        }

        @Override
        public ByteBuffer read(String path, int maxLength)
                throws FetchException, InterruptedException {
            before.reading(path);
            return counted(path, MemoryRepository.this.read(path, maxLength));
        }

        /** Checks no age beyond that it can be read. */
        @Override
        public ByteBuffer readRoot(String path, int maxLength, Age age)
                throws FetchException, InterruptedException {
            ByteBuffer root = read(path, maxLength);
            age.of(root.duplicate());
            return root;
        }

        /**
         * Returns the version of an object, identified by its length and bytes; not counted as a
         * read.
         */
        @Override
        public ObjectVersion version(String path) throws FetchException {
            byte[] bytes = held(path).bytes();
            Digest name = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes));
            return new ObjectVersion(path, bytes.length, name.hex(), name);
        }

        @Override
        public ByteBuffer read(String path, long position, int length)
                throws FetchException, InterruptedException {
            before.reading(path);
            ByteBuffer all = MemoryRepository.this.read(path, Integer.MAX_VALUE);
            int from = (int) Math.min(position, all.limit());
            return counted(path, all.slice(from, Math.min(length, all.limit() - from)));
        }

        @Override
        public ByteBuffer read(StoredBlock object, int maxPlainLength)
                throws FetchException, InterruptedException {
            if (!object.codec().equals(StoredBlock.PLAIN)) {
                throw new FetchException.Unsupported(
                        "there is no codec '" + object.codec() + "' here");
            }
            ByteBuffer bytes =
                    object.whole()
                            ? read(object.path(), Integer.MAX_VALUE)
                            : read(object.path(), object.position(), object.length());
            if (bytes.remaining() > maxPlainLength || verifying && !matches(object, bytes)) {
                throw new FetchException.Corrupt(
                        object.path()
                                + " has "
                                + bytes.remaining()
                                + " bytes that are not the "
                                + object.length()
                                + " of "
                                + object.key().brief());
            }
            return bytes;
        }

        private static boolean matches(StoredBlock object, ByteBuffer bytes) {
            boolean fits =
                    object.lengthIsBound()
                            ? bytes.remaining() <= object.length()
                            : bytes.remaining() == object.length();
            return fits
                    && (object.verification() == Verification.NONE
                            || object.plain().orElse(object.key()).matches(bytes));
        }
    }
}

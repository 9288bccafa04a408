package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.engine.fetch.Deadline;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.fetch.Fetcher.Wanted;
import org.netloop.engine.fetch.Patience;
import org.netloop.engine.fetch.Roots;
import org.netloop.engine.fetch.Roots.Root;
import org.netloop.engine.trust.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The objects of a repository, as its mirrors and the stored cache have them. Thread-safe. */
public final class MirrorObjects implements ObjectReader {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorObjects.class);
    private static final int USUAL_ROOM = 1 << 20;

    private final URI repository;
    private final Fetcher fetcher;
    private final Roots roots;
    private final Trust trust;
    private final StoredBlocks storedBlocks;
    private final CacheTier cache;
    private final CacheKeys keys;
    private final Versions versions;
    private final MapMemory.Account memory;
    private final Patience allTime;

    /** While it is opened, only as long as it takes to tell how that goes. */
    private volatile Duration patience;

    /** Accepts the root that was read last. */
    private volatile Runnable accepted = () -> {};

    /** Where the last object without a digest came from. */
    private volatile @Nullable URI lastSource;

    /**
     * @param repository names the repository in the cache, whatever mirrors serve it
     * @param memory charged with what is read
     */
    public MirrorObjects(
            URI repository,
            Fetcher fetcher,
            Roots roots,
            Trust trust,
            StoredBlocks storedBlocks,
            CacheTier cache,
            CacheKeys keys,
            Versions versions,
            MapMemory.Account memory,
            Patience patience) {
        this.repository = repository;
        this.fetcher = fetcher;
        this.roots = roots;
        this.trust = trust;
        this.storedBlocks = storedBlocks;
        this.cache = cache;
        this.keys = keys;
        this.versions = versions;
        this.memory = memory;
        this.allTime = patience;
        this.patience = patience.ofErrand();
    }

    /** Where the last object that no digest vouches for was read from; null before the first. */
    public @Nullable URI lastSource() {
        return lastSource;
    }

    @Override
    public ByteBuffer read(String path, int maxLength) throws FetchException, InterruptedException {
        Digest key = keys.lastSeen(path);
        try {
            ByteBuffer fresh = readGrowing(path, maxLength);
            keepLastSeen(key, fresh);
            return fresh;
        } catch (FetchException.Unavailable e) {
            ByteBuffer lastSeen = lastSeen(key);
            if (lastSeen == null) {
                throw e;
            }
            LOG.warn("going on with {} as it was last seen: {}", path, e.getMessage());
            return lastSeen;
        }
    }

    @Override
    public ByteBuffer readRoot(String path, int maxLength, Age age)
            throws FetchException, InterruptedException {
        Digest key = keys.lastSeen(path);
        try {
            Root root = readRoot(path, maxLength, age, Deadline.in(patience));
            lastSource = root.from();
            accepted = () -> trust.accept(path, root.sequence(), root.bytes());
            keepLastSeen(key, root.bytes());
            return root.bytes().duplicate();
        } catch (FetchException.Unavailable e) {
            ByteBuffer lastSeen = lastSeen(key);
            if (lastSeen == null) {
                throw e;
            }
            trust.check(path, repository, age.of(lastSeen.duplicate()), lastSeen);
            LOG.warn("going on with {} as it was last seen: {}", path, e.getMessage());
            return lastSeen;
        }
    }

    private Root readRoot(String path, int maxLength, Age age, Deadline deadline)
            throws FetchException, InterruptedException {
        Roots.Judge judge =
                (root, from) -> {
                    long sequence = age.of(root.duplicate());
                    trust.check(path, from, sequence, root);
                    return sequence;
                };
        if (maxLength > USUAL_ROOM) {
            try {
                Root usual = roots.read(path, USUAL_ROOM, judge, deadline);
                memory.charge(path, usual.bytes().remaining());
                return usual;
            } catch (FetchException.Corrupt e) {
                LOG.debug("{} is larger than usual: {}", path, e.getMessage());
            }
        }
        memory.charge(path, maxLength);
        int came = 0;
        try {
            Root root = roots.read(path, maxLength, judge, deadline);
            came = root.bytes().remaining();
            return root;
        } finally {
            memory.refund(maxLength - came);
        }
    }

    /** The image that the last root led to is open: an older root is refused from now on. */
    public void accepted() {
        accepted.run();
        patience = allTime.ofRead();
    }

    /**
     * Reads an object that is of use but not needed: a mirror that lacks or denies it is none the
     * worse for that, and nothing is kept.
     */
    public ByteBuffer readHint(String path, int maxLength)
            throws FetchException, InterruptedException {
        Deadline deadline = Deadline.in(patience);
        try {
            return readHint(path, Math.min(maxLength, USUAL_ROOM), deadline);
        } catch (FetchException.Corrupt e) {
            if (maxLength <= USUAL_ROOM) {
                throw e;
            }
            return readHint(path, maxLength, deadline);
        }
    }

    private ByteBuffer readHint(String path, int room, Deadline deadline)
            throws FetchException, InterruptedException {
        ByteBuffer into = ByteBuffer.allocate(room);
        fetcher.fetch(
                path,
                new Wanted(path, 0, FetchRequest.TO_END, FetchPurpose.PREFETCH),
                into,
                (_, _, _) -> {},
                deadline);
        return into.flip().asReadOnlyBuffer();
    }

    /** Most objects are small: room for the largest allowed is taken only when it proves needed. */
    private ByteBuffer readGrowing(String path, int maxLength)
            throws FetchException, InterruptedException {
        Deadline deadline = Deadline.in(patience);
        if (maxLength > USUAL_ROOM) {
            try {
                ByteBuffer usual = readWhole(path, USUAL_ROOM, deadline);
                memory.charge(path, usual.remaining());
                return usual;
            } catch (FetchException.Corrupt e) {
                LOG.debug("{} is larger than usual: {}", path, e.getMessage());
            }
        }
        return charged(path, maxLength, () -> readWhole(path, maxLength, deadline));
    }

    private interface Reading {
        ByteBuffer read() throws FetchException, InterruptedException;
    }

    /** What is charged in the end is what came. */
    private ByteBuffer charged(String name, int most, Reading reading)
            throws FetchException, InterruptedException {
        memory.charge(name, most);
        int came = 0;
        try {
            ByteBuffer bytes = reading.read();
            came = bytes.remaining();
            return bytes;
        } finally {
            memory.refund(most - came);
        }
    }

    private ByteBuffer readWhole(String path, int room, Deadline deadline)
            throws FetchException, InterruptedException {
        ByteBuffer into = ByteBuffer.allocate(room);
        fetch(path, 0, FetchRequest.TO_END, into, (_, from, _) -> lastSource = from, deadline);
        return into.flip().asReadOnlyBuffer();
    }

    private void keepLastSeen(Digest key, ByteBuffer fresh) {
        ByteBuffer old = lastSeen(key);
        if (!fresh.equals(old)) {
            cache.remove(key);
            cache.put(key, fresh);
        }
    }

    private @Nullable ByteBuffer lastSeen(Digest key) {
        try (CacheTier.Hit hit = cache.get(key, CacheTier.ANY_LENGTH)) {
            if (hit == null) {
                return null;
            }
            ByteBuffer bytes = hit.bytes();
            return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip().asReadOnlyBuffer();
        }
    }

    @Override
    public ObjectVersion version(String path) throws FetchException, InterruptedException {
        if (versions.of(path) == null) {
            read(path, 0, 1);
        }
        ObjectVersion version = versions.of(path);
        if (version == null) {
            throw new FetchException.Unsupported(
                    lastSource
                            + " does not tell how long it is, and so cannot be read in place: its"
                            + " server must answer ranges with their total length");
        }
        return version;
    }

    @Override
    public ByteBuffer read(String path, long position, int length)
            throws FetchException, InterruptedException {
        return charged(path, length, () -> readRange(path, position, length));
    }

    private ByteBuffer readRange(String path, long position, int length)
            throws FetchException, InterruptedException {
        ByteBuffer into = ByteBuffer.allocate(length);
        Fetcher.Check check =
                (_, from, object) -> {
                    versions.check(path, object, from);
                    lastSource = from;
                };
        if (versions.of(path) == null) {
            // Which version is read is decided now: not by the mirror that answers first.
            fetcher.fetchInTurn(
                    name(path),
                    new Wanted(path, position, length, FetchPurpose.DEMAND),
                    into,
                    check,
                    Deadline.in(patience));
        } else {
            fetch(path, position, length, into, check, Deadline.in(patience));
        }
        return into.flip().asReadOnlyBuffer();
    }

    private String name(String path) {
        return path.isEmpty() ? repository.toString() : path;
    }

    private void fetch(
            String path,
            long position,
            long length,
            ByteBuffer into,
            Fetcher.Check check,
            Deadline deadline)
            throws FetchException, InterruptedException {
        fetcher.fetch(
                name(path),
                new Wanted(path, position, length, FetchPurpose.DEMAND),
                into,
                check,
                deadline);
    }

    @Override
    public ByteBuffer read(StoredBlock object, int maxPlainLength)
            throws FetchException, InterruptedException {
        int plainRoom =
                object.codec().equals(StoredBlock.PLAIN)
                        ? Math.min(object.length(), maxPlainLength)
                        : maxPlainLength;
        return charged(object.path(), plainRoom, () -> readObject(object, plainRoom));
    }

    private ByteBuffer readObject(StoredBlock object, int plainRoom)
            throws FetchException, InterruptedException {
        ByteBuffer plain = ByteBuffer.allocate(plainRoom);
        ByteBuffer scratch = ByteBuffer.allocate(object.length());
        String name = object.path() + " (" + object.key().brief() + ")";
        if (storedBlocks.read(name, object, scratch, plain, 0, Deadline.in(patience))) {
            storedBlocks.keep(object, scratch);
        }
        return plain.flip().asReadOnlyBuffer();
    }
}

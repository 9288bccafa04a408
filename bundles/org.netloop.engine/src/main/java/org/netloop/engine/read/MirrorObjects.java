package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.index.Parts;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.trust.Statement;
import org.netloop.engine.fetch.Check;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.fetch.Persistence;
import org.netloop.engine.fetch.Roots;
import org.netloop.engine.fetch.Roots.Root;
import org.netloop.engine.fetch.Seal;
import org.netloop.engine.fetch.Wanted;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;
import org.netloop.engine.trust.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.nio.ByteBuffer;

/** The objects of a repository, as its mirrors and the stored cache have them. Thread-safe. */
public final class MirrorObjects implements ObjectReader {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorObjects.class);
    private static final String THE_FILE = "";

    private final URI repository;
    private final Fetcher fetcher;
    private final RootReader roots;
    private final Trust trust;
    private final StoredBlocks storedBlocks;
    private final CacheKeys keys;
    private final Versions versions;
    private final MapMemory.Account memory;
    private final SignedObjects signed;
    private final SeenRoots seen = new SeenRoots();
    private final RetryPolicy policy;

    /** Time limit; while a volume is opened, only as long as it takes to report the progress. */
    private volatile RootReader.Limit limit;

    /** True once the root that was read last led to an image. */
    private volatile boolean opened;

    /** Accepts the root that was read last. */
    private volatile Runnable accepted = () -> {};

    /** Mirror that the last object without a digest came from. */
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
            RetryPolicy policy) {
        this.repository = repository;
        this.fetcher = fetcher;
        this.trust = trust;
        this.storedBlocks = storedBlocks;
        this.keys = keys;
        this.versions = versions;
        this.memory = memory;
        this.policy = policy;
        this.limit = new RootReader.Limit(policy.ofErrand(), policy.ofSeenRoot(roots.mirrors()));
        this.roots = new RootReader(repository, roots, cache, keys, memory);
        this.signed =
                new SignedObjects(
                        trust,
                        repository,
                        this::root,
                        object -> read(object, object.length()),
                        seen);
    }

    /**
     * Returns the URI that the last object without a digest was read from; null before the first.
     */
    public @Nullable URI lastSource() {
        return lastSource;
    }

    @Override
    public ByteBuffer read(String path, int maxLength) throws FetchException, InterruptedException {
        if (trust.demandsSignatures()) {
            ByteBuffer vouched = signed.vouched(path);
            return vouched != null ? vouched : readRoot(path, maxLength, _ -> Age.NONE);
        }
        Digest key = keys.lastSeen(path);
        ByteBuffer lastSeen = roots.last(key);
        try {
            ByteBuffer fresh = readGrowing(path, maxLength, limit.deadline(lastSeen));
            roots.keep(key, fresh);
            return fresh;
        } catch (FetchException.Unavailable e) {
            if (lastSeen == null) {
                throw e;
            }
            LOG.warn("continuing with {} as last seen: {}", path, e.getMessage());
            return lastSeen;
        }
    }

    @Override
    public ByteBuffer readRoot(String path, int maxLength, Age age)
            throws FetchException, InterruptedException {
        if (trust.demandsSignatures()) {
            return path.isEmpty()
                    ? readSignedFile(maxLength)
                    : signed.read(path, maxLength, age).bytes();
        }
        Roots.Judge judge =
                (root, from) -> {
                    long sequence = age.of(root.duplicate());
                    trust.check(path, from, sequence, root);
                    return sequence;
                };
        Root root = root(path, maxLength, judge);
        accepted = () -> trust.accept(path, root.sequence(), root.bytes());
        seen.add(path, maxLength, root);
        return root.bytes().duplicate();
    }

    /** Returns the roots that were read. */
    public SeenRoots seen() {
        return seen;
    }

    private Root root(String path, int maxLength, Roots.Judge judge)
            throws FetchException, InterruptedException {
        Root root = roots.read(path, maxLength, judge, limit);
        lastSource = root.from();
        return root;
    }

    /**
     * Refuses what nothing signed led to: for the case that a format forgets to read its root.
     *
     * @throws FetchException.Untrusted if nothing was read that is signed
     */
    public void requireSigned() throws FetchException.Untrusted {
        if (trust.demandsSignatures()) {
            signed.requireAny();
        }
    }

    /** The image that the last root led to is open: an older root is refused from now on. */
    public void accepted() {
        opened = true;
        accepted.run();
        signed.accept();
        limit = new RootReader.Limit(policy.ofRead(), policy.ofRead());
    }

    /**
     * Reads an object that is of use but not needed: a mirror that lacks or denies it is none the
     * worse for that, and nothing is kept.
     */
    public ByteBuffer readHint(String path, int maxLength)
            throws FetchException, InterruptedException {
        return trust.demandsSignatures()
                ? signed.hint(path, room -> hint(Statement.pathOf(path), room), maxLength)
                : hint(path, maxLength);
    }

    private ByteBuffer hint(String path, int maxLength)
            throws FetchException, InterruptedException {
        return new HintReader(fetcher, path, Deadline.in(limit.usual())).read(maxLength);
    }

    /** Most objects are small: room for the largest allowed is taken only when it proves needed. */
    private ByteBuffer readGrowing(String path, int maxLength, Deadline deadline)
            throws FetchException, InterruptedException {
        if (maxLength > RootReader.USUAL_ROOM) {
            try {
                ByteBuffer usual = readWhole(path, RootReader.USUAL_ROOM, deadline);
                memory.charge(path, usual.remaining());
                return usual;
            } catch (FetchException.Corrupt e) {
                LOG.debug("{} is larger than usual: {}", path, e.getMessage());
            }
        }
        return memory.charged(path, maxLength, () -> readWhole(path, maxLength, deadline));
    }

    private ByteBuffer readWhole(String path, int room, Deadline deadline)
            throws FetchException, InterruptedException {
        ByteBuffer into = ByteBuffer.allocate(room);
        fetcher.fetch(
                errand(
                        wanted(path, 0, FetchRequest.TO_END),
                        into,
                        (_, from, _) -> lastSource = from,
                        deadline));
        return into.flip().asReadOnlyBuffer();
    }

    @Override
    public ObjectVersion version(String path) throws FetchException, InterruptedException {
        return trust.demandsSignatures()
                ? signed.version(unverifiedVersion(path), seal(path))
                : unverifiedVersion(path);
    }

    /** Returns the version of a file by whose bytes its format is recognised. */
    public ObjectVersion unverifiedVersion(String path)
            throws FetchException, InterruptedException {
        if (versions.of(path) == null) {
            readUnverified(path, 0, 1);
        }
        ObjectVersion version = versions.of(path);
        if (version == null) {
            throw new FetchException.Unsupported(
                    lastSource
                            + " does not report its length, and so cannot be read in place: its"
                            + " server must answer ranges with their total length");
        }
        return version;
    }

    @Override
    public ByteBuffer read(String path, long position, int length)
            throws FetchException, InterruptedException {
        if (trust.demandsSignatures()) {
            seal(path);
        }
        return readUnverified(path, position, length);
    }

    /** Verifies from now on each range of the file against its signed statement. */
    private Statement seal(String path) throws FetchException, InterruptedException {
        Statement statement = signed.file(path);
        fetcher.seal(new Seal(path, statement));
        return statement;
    }

    private ByteBuffer readSignedFile(int maxLength) throws FetchException, InterruptedException {
        long length = seal(THE_FILE).length();
        if (length > maxLength) {
            throw new FetchException.Corrupt(
                    repository + " has " + length + " of at most " + maxLength + " bytes");
        }
        return readUnverified(THE_FILE, 0, (int) length);
    }

    /**
     * Reads the first bytes of an entry object, by which a format is recognised and nothing else
     * may be made of them; those last seen while no mirror answers.
     */
    public ByteBuffer readHead(String path, int length, Persistence persistence)
            throws FetchException, InterruptedException {
        return path.equals(THE_FILE)
                ? readUnverified(path, 0, length, persistence, Deadline.in(limit.usual()))
                : roots.head(path, limit, by -> readUnverified(path, 0, length, persistence, by));
    }

    /** Reads a range by whose bytes a format is recognised: nothing else may be made of them. */
    public ByteBuffer readUnverified(String path, long position, int length)
            throws FetchException, InterruptedException {
        Deadline deadline = Deadline.in(limit.usual());
        return readUnverified(path, position, length, Persistence.UNTIL_DEADLINE, deadline);
    }

    private ByteBuffer readUnverified(
            String path, long position, int length, Persistence persistence, Deadline deadline)
            throws FetchException, InterruptedException {
        return memory.charged(
                path, length, () -> readRange(path, position, length, persistence, deadline));
    }

    private ByteBuffer readRange(
            String path, long position, int length, Persistence persistence, Deadline deadline)
            throws FetchException, InterruptedException {
        ByteBuffer into = ByteBuffer.allocate(length);
        Check check =
                (_, from, object) -> {
                    versions.check(path, object, from);
                    lastSource = from;
                };
        Errand errand =
                errand(wanted(path, position, length), into, check, deadline).asking(persistence);
        // Which version is read is decided by the first look: not by the mirror that answers first.
        fetcher.fetch(versions.of(path) == null ? errand.inTurn() : errand);
        return into.flip().asReadOnlyBuffer();
    }

    private String name(String path) {
        return path.isEmpty() ? repository.toString() : path;
    }

    private static Wanted wanted(String path, long position, long length) {
        return new Wanted(path, position, length, FetchPurpose.DEMAND);
    }

    private Errand errand(Wanted wanted, ByteBuffer into, Check check, Deadline deadline) {
        return new Errand(name(wanted.path()), wanted, into, check, deadline);
    }

    @Override
    public ByteBuffer read(StoredBlock object, int maxPlainLength)
            throws FetchException, InterruptedException {
        signed.vouch(object);
        int plainRoom =
                object.codec().equals(StoredBlock.PLAIN)
                        ? Math.min(object.length(), maxPlainLength)
                        : maxPlainLength;
        ByteBuffer plain =
                memory.charged(object.path(), plainRoom, () -> readObject(object, plainRoom));
        if (!opened && object.codec().equals(StoredBlock.PLAIN)) {
            // Such as the manifest of an image: so it can be opened by its digest without mirrors.
            roots.keepEntry(object.path(), plain.duplicate());
        }
        return plain;
    }

    @Override
    public <P> Parts<P> parts(int partBytes, Parts.Loader<P> loader) {
        return memory.parts(partBytes, loader);
    }

    private ByteBuffer readObject(StoredBlock object, int plainRoom)
            throws FetchException, InterruptedException {
        ByteBuffer plain = ByteBuffer.allocate(plainRoom);
        ByteBuffer scratch = ByteBuffer.allocate(object.length());
        String name = object.path() + " (" + object.key().brief() + ")";
        StoredBlocks.Room room = new StoredBlocks.Room(scratch, plain, 0);
        Deadline deadline = Deadline.in(limit.usual());
        if (storedBlocks.fetch(storedBlocks.demand(name, object, room, deadline))) {
            storedBlocks.keep(object, scratch);
        }
        return plain.flip().asReadOnlyBuffer();
    }
}

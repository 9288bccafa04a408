package org.netloop.engine.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ObjectReader.Age;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.Statement;
import org.netloop.engine.fetch.Roots.Judge;
import org.netloop.engine.fetch.Roots.Root;
import org.netloop.engine.trust.Trust;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads objects of a repository by their signed statements: under a policy of trust, whatever no
 * digest vouches for. The content of a pointer comes out of its statement, and a document is read
 * by the digest in it. Thread-safe.
 */
final class SignedObjects {
    /** More than an image has roots. */
    private static final int MOST_VOUCHED = 16;

    private static final String BESIDE = "../";

    private final Trust trust;
    private final URI repository;
    private final Roots roots;
    private final Objects objects;
    private final SeenRoots seen;

    /**
     * Objects that were read by a digest in what is signed: they need no signature of their own.
     */
    private final Map<String, StoredBlock> vouched = new ConcurrentHashMap<>();

    /** Each is checked, and not yet accepted. */
    private final Map<String, Runnable> toAccept = new ConcurrentHashMap<>();

    /** The statement of the file that the repository is; null before it was read. */
    private volatile @Nullable Statement file;

    /** Reads a root that the judge takes, or the last one seen while no mirror answers. */
    @FunctionalInterface
    interface Roots {
        Root read(String path, int maxLength, Judge judge)
                throws FetchException, InterruptedException;
    }

    /** Reads an object by its digest. */
    @FunctionalInterface
    interface Objects {
        ByteBuffer read(StoredBlock object) throws FetchException, InterruptedException;
    }

    /**
     * An object that was read by its statement.
     *
     * @param bytes of the object, read-only
     */
    record Signed(Statement statement, ByteBuffer bytes) {}

    SignedObjects(Trust trust, URI repository, Roots roots, Objects objects, SeenRoots seen) {
        this.trust = trust;
        this.repository = repository;
        this.roots = roots;
        this.objects = objects;
        this.seen = seen;
    }

    /** Notes that what is signed names an object by its digest. */
    void vouch(StoredBlock object) {
        if (object.whole()
                && object.codec().equals(StoredBlock.PLAIN)
                && vouched.size() < MOST_VOUCHED) {
            vouched.putIfAbsent(object.path(), object);
        }
    }

    /** The object of that path, as what is signed names it; null if nothing did. */
    @Nullable ByteBuffer vouched(String path) throws FetchException, InterruptedException {
        StoredBlock object = vouched.get(path);
        return object == null ? null : objects.read(object);
    }

    /**
     * Reads an object by its statement.
     *
     * @throws FetchException.Untrusted if there is none, or it is not to be believed
     */
    Signed read(String path, int maxLength, Age age) throws FetchException, InterruptedException {
        Judge judge =
                (envelope, from) -> {
                    Statement statement = opened(path, maxLength, from, envelope);
                    if (statement.role() == Statement.Role.POINTER) {
                        checkedAge(path, from, age, statement.content());
                    }
                    return statement.serial();
                };
        Root root = statement(path, Statement.pathOf(path), maxLength, judge);
        Statement statement = opened(path, maxLength, root.from(), root.bytes().duplicate());
        ByteBuffer bytes =
                statement.role() == Statement.Role.POINTER
                        ? statement.content()
                        : objects.read(document(path, statement));
        long sequence = checkedAge(path, root.from(), age, bytes);
        toAccept.put(
                path,
                () -> {
                    trust.accept(path, sequence, bytes);
                    trust.accept(statement);
                });
        seen.add(
                Statement.pathOf(path),
                maxLength + Statement.MAX_ENVELOPE,
                root.bytes(),
                (now, from) -> {
                    now.open(path, false, from, root.bytes().duplicate());
                    now.check(path, from, sequence, bytes);
                });
        return new Signed(statement, bytes);
    }

    private Statement opened(String path, int maxLength, URI from, ByteBuffer envelope)
            throws FetchException, InterruptedException {
        Statement statement = trust.open(path, false, from, envelope);
        if (statement.length() > maxLength) {
            throw new FetchException.Corrupt(
                    from + " is of an object of more than " + maxLength + " bytes");
        }
        return statement;
    }

    private static StoredBlock document(String path, Statement statement) {
        return StoredBlock.object(
                statement.digest(), path, (int) statement.length(), StoredBlock.PLAIN);
    }

    private long checkedAge(String path, URI from, Age age, ByteBuffer bytes)
            throws FetchException {
        long sequence = age.of(bytes.duplicate());
        trust.check(path, from, sequence, bytes);
        return sequence;
    }

    /**
     * Returns the statement of the file that the repository is.
     *
     * @param path of the file: empty
     * @throws FetchException.Untrusted if there is none, or it is not to be believed
     */
    Statement file(String path) throws FetchException, InterruptedException {
        Statement known = file;
        if (known != null && path.isEmpty()) {
            return known;
        }
        if (!path.isEmpty()) {
            throw new FetchException.Untrusted(
                    path
                            + " of "
                            + repository
                            + " cannot be read in place, because no signature is of ranges of it;"
                            + " to open what is not signed: --trust none");
        }
        Statement read = readFile();
        toAccept.put(path, () -> trust.accept(read));
        file = read;
        return read;
    }

    private Statement readFile() throws FetchException, InterruptedException {
        String name = fileName();
        Root root =
                statement(
                        name,
                        BESIDE + Statement.pathOf(rawFileName()),
                        Statement.MAX_CONTENT,
                        (envelope, from) -> trust.open(name, true, from, envelope).serial());
        return trust.open(name, true, root.from(), root.bytes().duplicate());
    }

    /** The version of a file that is signed: its bytes are known, wherever they come from. */
    ObjectVersion version(ObjectVersion found, Statement statement) throws FetchException {
        if (found.length() != statement.length()) {
            throw new FetchException.Corrupt(
                    repository
                            + " has "
                            + found.length()
                            + " bytes where "
                            + statement.length()
                            + " were signed");
        }
        byte[] name = ("netloop signed file\n" + statement.digest()).getBytes(UTF_8);
        return new ObjectVersion(
                found.path(),
                found.length(),
                found.validatorOrNull(),
                Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(name)));
    }

    /** Reads a statement that is of use but not needed. */
    @FunctionalInterface
    interface Hint {
        ByteBuffer read(int maxLength) throws FetchException, InterruptedException;
    }

    /** Reads an object that is of use but not needed, by its statement. */
    ByteBuffer hint(String path, Hint statement, int maxLength)
            throws FetchException, InterruptedException {
        ByteBuffer envelope = statement.read(maxLength + Statement.MAX_ENVELOPE);
        URI from = repository.resolve(Statement.pathOf(path));
        return trust.open(path, false, from, envelope).content();
    }

    /**
     * @throws FetchException.Untrusted if nothing was read by a statement
     */
    void requireAny() throws FetchException.Untrusted {
        if (toAccept.isEmpty()) {
            throw new FetchException.Untrusted(
                    repository
                            + " was opened by a format that read nothing that is signed; needed is "
                            + trust.needed());
        }
    }

    /** The image that was read is open: what is older is refused from now on. */
    void accept() {
        toAccept.values().forEach(Runnable::run);
        toAccept.clear();
    }

    private String rawFileName() {
        String path = String.valueOf(repository.getRawPath());
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private String fileName() {
        String path = String.valueOf(repository.getPath());
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private Root statement(String object, String path, int maxLength, Judge judge)
            throws FetchException, InterruptedException {
        try {
            return roots.read(path, maxLength + Statement.MAX_ENVELOPE, judge);
        } catch (FetchException.Missing | FetchException.Denied e) {
            throw new FetchException.Untrusted(
                    object
                            + " of "
                            + repository
                            + " is not signed; needed is "
                            + trust.needed()
                            + " (there is no "
                            + path.replace(BESIDE, "")
                            + "). To open what is not signed: --trust none",
                    e);
        }
    }
}

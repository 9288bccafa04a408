package org.netloop.api.trust;

import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Instructions for signing what is published. Immutable.
 *
 * @param signer of the scheme of all keys
 * @param keys each signs; at least one
 * @param validity for how long a pointer (a channel, a profile) is to be believed from now on
 * @param repository the identity of the repository, which becomes its own; empty to keep the one it
 *     has, or to give it a random one
 */
public record Signing(Signer signer, List<SecretKey> keys, Duration validity, String repository) {

    /** Validity of a pointer for which no other is given. */
    public static final Duration STANDARD_VALIDITY = Duration.ofDays(30);

    /** Checks that there is a key, and the validity. */
    public Signing {
        keys = List.copyOf(keys);
        if (keys.isEmpty() || keys.size() > Verifier.MAX_SIGNATURES) {
            throw new IllegalArgumentException(
                    keys.size() + " keys to sign with: 1 to " + Verifier.MAX_SIGNATURES);
        }
        if (validity.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "a signature cannot be valid for "
                            + validity.toSeconds()
                            + " s: it has to be 1 s at least");
        }
        if (!repository.isEmpty() && !Statement.isRepository(repository)) {
            throw new IllegalArgumentException(
                    "'"
                            + repository
                            + "' is not the identity of a repository: "
                            + Statement.REPOSITORY_FORM);
        }
    }

    /**
     * The same repository, which signs all documents and pointers that are put into it, and deletes
     * signatures with their objects. Closing it closes the given one.
     */
    public Repository over(Repository plain) {
        return new SigningRepository(plain, new Statements(plain, this));
    }

    /**
     * Signs an object that is in a repository already, with a fresh serial and expiry; its own
     * bytes are not put again. Durable after {@link Repository#sync}.
     *
     * @param kind {@link Kind#DOCUMENT} or {@link Kind#POINTER}
     * @throws IOException if there is no such object, or the repository cannot be written
     */
    public void sign(Repository repository, String path, Kind kind) throws IOException {
        Statements statements = new Statements(repository, this);
        statements.put(path, repository.read(path, Statement.MAX_CONTENT), kind);
    }

    /**
     * Signs a file that is an image by itself: reads it to its end, and puts its statement beside
     * it, durably.
     *
     * @throws IOException if it cannot be read, or its statement not be written
     */
    public void signFile(Path file) throws IOException {
        FileStatement.put(file, this);
    }

    /**
     * Refuses to change a pointer that is signed without signing it again: readers with a policy of
     * trust would not see the change.
     *
     * @throws IOException if it is signed; the message says what to do
     */
    public static void refuseUnsigned(Repository repository, String path) throws IOException {
        if (repository.length(Statement.pathOf(path)).isPresent()) {
            throw new IOException(
                    path
                            + " of "
                            + repository.base()
                            + " is signed, and readers that demand signatures would not see the"
                            + " change: sign it too, by --sign KEY");
        }
    }

    /** A sealed statement, signed by all keys. */
    ByteBuffer seal(Statement statement) {
        ByteBuffer message = statement.write();
        List<Envelope.Signature> signatures =
                keys.stream()
                        .map(key -> new Envelope.Signature(key.publicKey().id(), key.sign(message)))
                        .toList();
        return signer.seal(new Envelope(signatures, message));
    }

    /** The statement of a sealed one, not checked; empty if there is none in it. */
    Optional<Statement> statement(String name, ByteBuffer sealed) {
        try {
            return Optional.of(Statement.parse(name, signer.open(name, sealed).message()));
        } catch (FetchException _) {
            return Optional.empty(); // it is replaced by one that can be read
        }
    }

    /**
     * A serial that is greater than that of the statement before, and that of any lost one: the
     * seconds since 1970, where nobody signed more often than once a second.
     */
    static long serialAfter(Optional<Statement> before, Instant now) {
        return Math.max(
                now.getEpochSecond(), Math.addExact(before.map(Statement::serial).orElse(0L), 1));
    }

    /** The identity of a repository that has none yet. */
    static String randomRepository() {
        return UUID.randomUUID().toString();
    }
}

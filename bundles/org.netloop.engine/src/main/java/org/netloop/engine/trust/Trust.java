package org.netloop.engine.trust;

import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.Statement;

import java.net.URI;
import java.nio.ByteBuffer;

/**
 * Checks that the roots of one volume must pass before they are believed: the one place that
 * applies a trust policy, for all formats. Thread-safe.
 *
 * @param seen what was accepted before
 * @param time what signatures are held against
 * @param signatures checks them by the policy of the volume
 * @param repository names the repository, whatever mirrors serve it
 * @param acceptOlder whether a channel may be older than the one that was accepted before
 */
public record Trust(
        LastSeen seen, Time time, Signatures signatures, URI repository, boolean acceptOlder) {

    /** Returns whether everything that is read must be signed, or verified by something that is. */
    public boolean demandsSignatures() {
        return signatures.policy().demandsSignatures();
    }

    /** The keys that are needed, for a message. */
    public String needed() {
        return signatures.policy().toString();
    }

    /**
     * Checks a root.
     *
     * @param from which mirror sent it
     * @param sequence of the root; negative if it has none
     * @throws FetchException.Untrusted if it is not to be believed; the message says how to accept
     *     it on purpose
     */
    public void check(String path, URI from, long sequence, ByteBuffer root)
            throws FetchException.Untrusted {
        if (!acceptOlder) {
            seen.check(repository, path, from, sequence, root);
        }
    }

    /** Remembers a root that was believed, and that led to an image. */
    public void accept(String path, long sequence, ByteBuffer root) {
        if (acceptOlder) {
            seen.acceptOlder(repository, path, sequence, root);
        } else {
            seen.accept(repository, path, sequence, root);
        }
    }

    /**
     * Checks a sealed statement: its signatures, and that it is of this object, this repository and
     * this time.
     *
     * @param path the object that it should be of; of a file its name
     * @param file whether the object is a file that is an image by itself
     * @param from which mirror sent it
     * @throws FetchException.Corrupt if it is malformed
     * @throws FetchException.Untrusted if it is not to be believed; the message says why, which key
     *     would have been needed, and how to go on without
     */
    public Statement open(String path, boolean file, URI from, ByteBuffer sealed)
            throws FetchException, InterruptedException {
        Statement statement = signatures.open(from, sealed);
        if (!statement.path().equals(path) || file != (statement.role() == Statement.Role.FILE)) {
            throw new FetchException.Untrusted(
                    from + " is a signature of '" + statement.path() + "', not of '" + path + "'");
        }
        checkRepository(from, statement);
        checkTime(from, statement);
        check(Statement.pathOf(path), from, statement.serial(), statement.write());
        return statement;
    }

    private void checkRepository(URI from, Statement statement) throws FetchException.Untrusted {
        String demanded = signatures.policy().repository();
        if (demanded.isEmpty()) {
            seen.checkIdentity(repository, from, statement.repository());
        } else if (!demanded.equals(statement.repository())) {
            throw new FetchException.Untrusted(
                    from
                            + " belongs to the repository '"
                            + statement.repository()
                            + "', not to '"
                            + demanded
                            + "' as the policy demands");
        }
    }

    private void checkTime(URI from, Statement statement) throws FetchException.Untrusted {
        if (statement.role() == Statement.Role.POINTER && statement.expires().isEmpty()) {
            throw new FetchException.Untrusted(from + " is a signature that never expires");
        }
        if (statement.expires().isPresent() && !time.now().isBefore(statement.expires().get())) {
            throw new FetchException.Untrusted(
                    from
                            + " expired at "
                            + statement.expires().get()
                            + ": a mirror that is no longer updated, or an attempt to hide a newer"
                            + " image, or the publisher does not sign again ('netloop sign'); the"
                            + " time here is "
                            + time.now());
        }
    }

    /** Remembers the time at which what leads to an image was believed once more. */
    public void believed() {
        if (demandsSignatures()) {
            time.note();
        }
    }

    /** Remembers a statement that was believed, and that led to an image. */
    public void accept(Statement statement) {
        seen.acceptIdentity(repository, statement.repository());
        accept(Statement.pathOf(statement.path()), statement.serial(), statement.write());
        time.note();
    }
}

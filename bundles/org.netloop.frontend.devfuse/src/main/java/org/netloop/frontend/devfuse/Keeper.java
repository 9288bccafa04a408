package org.netloop.frontend.devfuse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps a duplicate of a mount's descriptor when the process that serves it ends: the service
 * manager where that does, else a small process. Used by one thread at a time.
 */
sealed interface Keeper permits Holder, Stored {

    /**
     * Has a descriptor of a mount of this process kept.
     *
     * @throws IOException if nothing keeps it
     */
    static Keeper start(int descriptor, Path directory, Mounting.Kind kind) throws IOException {
        Claim claim = Claim.of(directory, kind);
        Optional<Stored> stored = Stored.start(descriptor, claim);
        return stored.isPresent() ? stored.get() : Holder.start(descriptor, claim);
    }

    /** Finds what keeps the mount at a directory, for this user; empty if nothing does. */
    static Optional<? extends Keeper> of(Path directory) throws IOException {
        String device = Claim.deviceAt(directory);
        if (device == null) {
            return Optional.empty();
        }
        Optional<Stored> stored = Stored.of(device);
        return stored.isPresent() ? stored : Holder.of(device);
    }

    /** Returns what is kept. */
    Claim claim();

    /**
     * Makes it this process's to go on with; only one process can have it at a time.
     *
     * @throws IOException if another process serves the mount
     */
    void seize() throws IOException;

    /**
     * Takes a copy of the descriptor.
     *
     * @throws IOException if it cannot be had
     */
    int take() throws IOException;

    /** Returns whether it keeps it for the process that took the descriptor, too. */
    boolean staysOn();

    /** Returns whether it still keeps it. */
    boolean isThere();

    /** Is told that another process has the descriptor, and has it kept. */
    void handedOver();

    /** Ends what another process that has gone had keep the same mount. */
    void endOthers();

    /** Ends it: then nothing keeps a mount that no process serves, and its readers get errors. */
    void end();
}

package org.netloop.engine.lease;

/**
 * An operation inside a service, which stays open until this is closed.
 *
 * @param <S> the contract
 */
public final class Use<S> implements AutoCloseable {
    private final S service;
    private final Lease lease;

    Use(S service, Lease lease) {
        this.service = service;
        this.lease = lease;
    }

    /** The service; not to be used after {@link #close}. */
    public S service() {
        return service;
    }

    /** Ends the operation; called once. */
    @Override
    public void close() {
        lease.leave();
    }
}

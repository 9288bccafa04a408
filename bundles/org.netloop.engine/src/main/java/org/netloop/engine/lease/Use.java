package org.netloop.engine.lease;

import org.jspecify.annotations.Nullable;

/**
 * An operation inside a service, which stays open until this is closed. All calls of plugins go
 * through here: whatever they throw that their contract does not say ends here.
 *
 * @param <S> the contract
 */
public final class Use<S> implements AutoCloseable {
    private static final long STANDING = 0;

    private final Backend<S> backend;
    private final long entered;

    Use(Backend<S> backend, long entered) {
        this.backend = backend;
        this.entered = entered;
    }

    /** The service; not to be used after {@link #close}, nor to be called but by {@link #call}. */
    public S service() {
        return backend.service();
    }

    /** Returns the name used in messages: kind, keys and bundle. */
    public String name() {
        return backend.name();
    }

    /**
     * Operation on a service that may have no result.
     *
     * @param <S> the contract
     * @param <R> what it returns
     */
    @FunctionalInterface
    public interface Search<S, R> {
        /** Calls the service. */
        @Nullable R in(S service) throws Exception;
    }

    /**
     * Operation on a service.
     *
     * @param <S> the contract
     * @param <R> what it returns
     */
    @FunctionalInterface
    public interface Call<S, R> extends Search<S, R> {
        /** Calls the service, and checks what it returns by throwing. */
        R on(S service) throws Exception;

        @Override
        default R in(S service) throws Exception {
            return on(service);
        }
    }

    /**
     * Calls the service. What it returns is for the call to check, by throwing: what is returned
     * from here is a success.
     *
     * @param says the one checked exception of the contract
     * @throws BackendException for everything else that is thrown
     */
    @SuppressWarnings("NullAway") // A call returns something.
    public <R, E extends Exception> R call(Class<E> says, Call<? super S, R> call)
            throws E, BackendException, InterruptedException {
        return contain(says, call);
    }

    /** Calls like {@link #call}, for a contract without checked exceptions. */
    public <R> R call(Call<? super S, R> call) throws BackendException, InterruptedException {
        return call(Never.class, call);
    }

    /** Calls like {@link #call}, for an operation that may return null. */
    public <R> @Nullable R find(Search<? super S, R> search)
            throws BackendException, InterruptedException {
        return contain(Never.class, search);
    }

    private <R, E extends Exception> @Nullable R contain(Class<E> says, Search<? super S, R> search)
            throws E, BackendException, InterruptedException {
        Trail trail = Trail.current();
        if (trail != null) {
            trail.enters(backend);
        }
        try {
            R result = search.in(backend.service());
            backend.health().succeeded();
            return result;
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            if (says.isInstance(e) && !(e instanceof RuntimeException)) {
                throw says.cast(e);
            }
            throw fault(BackendException.described(e), e);
        } finally {
            if (trail != null) {
                trail.leaves();
            }
        }
    }

    /** Counts what it did as a fault, though it threw nothing. */
    public void blame(String what) {
        backend.health().faulted(name() + " failed: " + what);
    }

    private BackendException fault(String what, Throwable cause) {
        String message = name() + " failed: " + what;
        backend.health().faulted(message);
        return new BackendException(message, cause);
    }

    /**
     * Returns a use for objects that the service made and that outlive it: calls of them are
     * contained too, but no longer keep the service from leaving.
     */
    public Use<S> standing() {
        return new Use<>(backend, STANDING);
    }

    /** Ends the operation; called once. */
    @Override
    public void close() {
        if (entered != STANDING) {
            backend.leave(entered);
        }
    }

    /** Exception that no code can throw. */
    private static final class Never extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Never() {}
    }
}

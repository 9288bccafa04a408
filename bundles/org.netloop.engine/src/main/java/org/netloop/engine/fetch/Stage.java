package org.netloop.engine.fetch;

import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;

/**
 * A stage on the way of a fetch: it brings what is wanted, or has the next stage bring it, and
 * knows of the others no more than this interface. All are thread-safe.
 *
 * <pre>
 * Formation     several blocks that lie side by side come by one request
 *  StoredCache  what is in the cache of stored blocks is not fetched
 *   Rebuilding  a changed block is rebuilt from a delta and cached blocks of an earlier image
 *    SharedCache  what a machine of the site put into a shared cache is not fetched
 *     Metered   what goes on from here comes from a mirror, and is counted
 *      Retry    all mirrors are asked again, after pauses that grow, until the deadline
 *       Failover  one mirror after the other, in the policy's order, until one has it
 *        Hedging  the next mirror also when one is later than it usually is
 *         AtMirror  one request to one mirror by the transport of its scheme, and the check
 * </pre>
 */
@FunctionalInterface
public interface Stage {
    /**
     * Brings what is wanted. When it returns, the errand's check has accepted the bytes; those that
     * a mirror or the shared cache sent lie in the errand's buffer, before its position, and what
     * came from a cache of this machine, or was rebuilt, has left that where it was.
     *
     * @throws FetchException if it cannot be had from here on; the errand's buffer may have any
     *     position then
     * @throws BackendException if a backend failed over what came, which is nobody else's fault
     */
    void fetch(Errand errand) throws FetchException, BackendException, InterruptedException;
}

package org.netloop.api.mirror;

import org.netloop.api.transport.FetchPurpose;
import org.osgi.annotation.versioning.ConsumerType;

import java.util.List;

/**
 * Orders mirrors by their measurements. Registered as a service; called by many threads at once,
 * before every fetch: it does no I/O and holds no lock for long.
 */
@ConsumerType
public interface MirrorPolicy {

    /** Returns the policy's id: {@code latency}. */
    String id();

    /**
     * Returns the mirrors that a fetch keeps to, such as those of a site. The others are not asked
     * because these are slow or do not answer, not even to be measured. They are asked, after all
     * of these, for what a reader waits for and a mirror of these answered that it lacks, denied or
     * sent damaged. Called before {@link #order}, which then orders each part by itself.
     *
     * @param mirrors the mirrors that may be asked now, in the order of the configuration, at least
     *     one
     * @return at least one of {@code mirrors}; by default all
     */
    default List<MirrorState> near(List<MirrorState> mirrors) {
        return mirrors;
    }

    /**
     * Returns the mirrors in the order in which to ask them, best first.
     *
     * @param mirrors mirrors that may be asked now, in the order of the configuration, at least one
     * @param purpose the reason for the fetch
     * @param length the number of bytes to fetch; -1 if unknown
     * @return a permutation of {@code mirrors}: none is added, none left out
     */
    List<MirrorState> order(List<MirrorState> mirrors, FetchPurpose purpose, long length);
}

package org.netloop.api.mirror;

import org.netloop.api.transport.FetchPurpose;
import org.osgi.annotation.versioning.ConsumerType;

import java.util.List;

/**
 * Orders mirrors by what was measured of them. Registered as a service; called by many threads at
 * once, before every fetch: it does no I/O and takes no lock that is held for long.
 */
@ConsumerType
public interface MirrorPolicy {

    /** What it is called: {@code latency}. */
    String id();

    /**
     * The order to ask the mirrors in, best first.
     *
     * @param mirrors those that may be asked now, in the order of the configuration, at least one
     * @param purpose why something is fetched
     * @param length how many bytes are to be fetched; -1 if unknown
     * @return a permutation of {@code mirrors}: none is added, none left out
     */
    List<MirrorState> order(List<MirrorState> mirrors, FetchPurpose purpose, long length);
}

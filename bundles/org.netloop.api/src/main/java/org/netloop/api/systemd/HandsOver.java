package org.netloop.api.systemd;

import org.netloop.api.systemd.PassedDescriptors.Passed;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.util.List;

/**
 * Part of a deployment whose clients stay when another process takes the place of this one. Both
 * serve for a moment; then this one ends. A frontend registers it as a service under this name too.
 * Thread-safe.
 */
@ConsumerType
public interface HandsOver {

    /**
     * Returns what the successor is to get; this process goes on serving.
     *
     * @return descriptors by names that the same part of the successor knows; of this process still
     * @throws IOException in words, if something is served that no other process can go on with
     */
    List<Passed> handOver() throws IOException;

    /**
     * Returns what a process is to have open that stands by: it opens it once this one has ended.
     * Asked for again and again; another answer means that the standby is replaced.
     *
     * @return descriptors by names that the same part of the other process knows; of this process
     *     still
     * @throws IOException if there are none to be had just now
     */
    default List<Passed> standBy() throws IOException {
        return List.of();
    }

    /**
     * Does what can be done before it serves, in a process that stands by, and changes nothing that
     * others see.
     */
    default void prepare() {}

    /**
     * Leaves what survives the end of this process to one that is started later: nothing of it is
     * answered or detached any more.
     *
     * @return how much that is, in attachments or mounts; 0 if nothing survives
     */
    default int leave() {
        return 0;
    }

    /** Is told that the successor serves: nothing new is taken, and nothing is detached. */
    void handedOver();

    /** Is told that the successor has ended, whatever it took and did not answer. */
    void takeBack();
}

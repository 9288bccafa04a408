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

    /** Is told that the successor serves: nothing new is taken, and nothing is detached. */
    void handedOver();

    /** Is told that the successor has ended, whatever it took and did not answer. */
    void takeBack();
}

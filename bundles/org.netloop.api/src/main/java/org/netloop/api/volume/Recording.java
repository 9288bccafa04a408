package org.netloop.api.volume;

import org.netloop.api.profile.Profile;
import org.osgi.annotation.versioning.ProviderType;

/** Recording of the reads of a volume since it began. Called by many threads at once. */
@ProviderType
public interface Recording extends AutoCloseable {

    /** Returns the number of blocks recorded so far. */
    int blocks();

    /** Returns what was recorded so far. */
    Profile profile();

    /** Ends the recording, and with it its cost to reads; what was recorded stays readable. */
    @Override
    void close();
}

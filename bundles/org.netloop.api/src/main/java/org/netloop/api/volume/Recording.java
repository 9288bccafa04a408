package org.netloop.api.volume;

import org.netloop.api.profile.Profile;
import org.osgi.annotation.versioning.ProviderType;

/** What has been read of a volume since a recording began. Called by many threads at once. */
@ProviderType
public interface Recording extends AutoCloseable {

    /** How many blocks were noted so far. */
    int blocks();

    /** What was noted so far. */
    Profile profile();

    /** Nothing more is noted, and reads cost what they did before; what was stays readable. */
    @Override
    void close();
}

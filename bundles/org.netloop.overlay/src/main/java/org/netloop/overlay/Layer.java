package org.netloop.overlay;

import org.netloop.api.volume.Volume;

import java.io.Closeable;
import java.io.IOException;

/** An opened layer over a volume; it outlives the volume below. Thread-safe. */
interface Layer extends Closeable {

    /** Returns what it stands on. */
    Heading heading();

    /**
     * Returns the volume that it makes of one below.
     *
     * @param name what that is called
     * @param base has the content that this stands on
     */
    Volume over(String name, Volume base);

    /** Closes its files; reads still inside may fail. */
    @Override
    void close() throws IOException;
}

package org.netloop.engine.volume;

import org.netloop.engine.read.SeenRoots;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Source of the images of a configured volume. Thread-safe.
 *
 * @param wanted the configuration of now; never waits
 */
record ConfiguredChannel(Opener opener, Supplier<WantedVolume> wanted) implements Channel.Source {
    /** Opens what the channel points to now, beside what is open. */
    @Override
    public FoundImage open() throws IOException, InterruptedException {
        WantedVolume as = wanted.get();
        return new FoundImage(
                opener.open(as.spec(), as.mirrors().asked()),
                () -> wanted.get().sameImage(as),
                () -> {
                    WantedVolume now = wanted.get();
                    return (now.sameImage(as) ? now : as).mirrors().asked();
                });
    }

    @Override
    public boolean leadsThere(SeenRoots roots, Duration mostAge)
            throws IOException, InterruptedException {
        WantedVolume as = wanted.get();
        return opener.leadsThere(roots, as.spec(), as.mirrors().asked(), mostAge);
    }
}

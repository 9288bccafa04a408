package org.netloop.command;

import org.netloop.api.command.SizeConverter;
import org.netloop.api.volume.Volumes.Prefetch;

import picocli.CommandLine.Option;

/** Prefetch options of a command that serves an image. */
final class PrefetchOptions {
    /** Prefetch of a command that reads an image from its start to its end. */
    static final Prefetch SEQUENTIAL = new Prefetch("", true, 0);

    @Option(
            names = "--prefetch",
            paramLabel = "auto|none|NAME",
            defaultValue = "auto",
            description =
                    "Prefetch: auto (along the image's profile 'boot', and ahead of"
                            + " sequential readers), none, or the name of a profile (default"
                            + " ${DEFAULT-VALUE})")
    private String prefetch = "auto";

    @Option(
            names = "--fill",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Also fetch the rest of the image while idle, at this rate per second")
    private long fill;

    Prefetch prefetch() {
        return Prefetch.parse(prefetch).withFill(fill);
    }
}

package org.netloop.command;

import org.netloop.api.volume.Volumes.Prefetch;

import picocli.CommandLine.Option;

/** What a command that serves an image fetches before it is asked for. */
final class PrefetchOptions {
    /** For a command that reads an image from its begin to its end. */
    static final Prefetch SEQUENTIAL = new Prefetch("", true, 0);

    @Option(
            names = "--prefetch",
            paramLabel = "auto|none|NAME",
            defaultValue = "auto",
            description =
                    "What is fetched before it is read: auto, along the profile 'boot' of the image"
                            + " and ahead of sequential readers; none; or along another profile"
                            + " (default ${DEFAULT-VALUE})")
    private String prefetch = "auto";

    @Option(
            names = "--fill",
            paramLabel = "SIZE",
            converter = Sizes.Converter.class,
            description = "Fetch the rest of the image too, so many bytes a second, while idle")
    private long fill;

    Prefetch prefetch() {
        return Prefetch.parse(prefetch).withFill(fill);
    }
}

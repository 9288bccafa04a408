package org.netloop.command;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that attaches an image. */
final class AttachOptions {
    @Mixin final VolumeOptions volume = new VolumeOptions();
    @Mixin final CacheOptions cache = new CacheOptions();
    @Mixin final PrefetchOptions ahead = new PrefetchOptions();
    @Mixin final RecordOptions record = new RecordOptions();
    @Mixin final OverlayOptions overlay = new OverlayOptions();

    @Option(names = "--json", description = "Print where it is as one JSON object")
    boolean json;
}

package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.Reference;
import org.netloop.api.volume.Volumes.Opening;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Options of every command that opens an image. */
final class VolumeOptions {
    private static final String STANDARD_PATIENCE = "30";
    private static final String RAW = "raw";

    @Parameters(
            index = "0",
            paramLabel = "REF",
            description =
                    "The image: REPO[#channel][@digest], where REPO is a path or a file:,"
                            + " http:, https: or s3: URI")
    private String reference = "";

    @Option(
            names = "--mirror",
            paramLabel = "URI",
            description = "Another base URI that serves the repository; may be repeated")
    private List<String> mirrors = new ArrayList<>();

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = STANDARD_PATIENCE,
            description =
                    "Longest wait of a read for a block (default ${DEFAULT-VALUE}); 0:"
                            + " without limit")
    private int patience;

    @Option(
            names = "--format",
            paramLabel = "ID",
            description = "Index format of the image (default: detected)")
    private String format = "";

    @Option(names = "--raw", description = "Treat the file as a raw image, whatever it looks like")
    private boolean raw;

    @Option(
            names = "--accept-older",
            description = "Accept a channel that is older than the last one accepted")
    private boolean acceptOlder;

    @Mixin private TrustOptions trust = new TrustOptions();

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the volume")
    private @Nullable String name;

    Reference reference() {
        return Reference.parse(reference);
    }

    /** All places the image may be read from. */
    List<URI> bases() {
        List<URI> bases = new ArrayList<>(List.of(reference().repository()));
        mirrors.forEach(mirror -> bases.add(Reference.uri(mirror)));
        return bases;
    }

    /** Returns the specification of a volume without prefetch. */
    VolumeSpec spec() {
        return spec(Prefetch.NONE);
    }

    VolumeSpec spec(Prefetch prefetch) {
        Reference parsed = reference();
        List<URI> bases = mirrors.stream().map(Reference::uri).toList();
        return new VolumeSpec(
                name == null ? nameOf(parsed.repository()) : name,
                parsed,
                bases,
                Duration.ofSeconds(patience),
                prefetch,
                new Opening(format(), acceptOlder),
                trust.spec());
    }

    private String format() {
        if (raw && !format.isEmpty()) {
            throw new IllegalArgumentException("--raw is --format raw: give one of them");
        }
        return raw ? RAW : format;
    }

    /** The last part of the repository's path, made fit for a file name. */
    private static String nameOf(URI repository) {
        String path = repository.getPath() == null ? "" : repository.getPath();
        Path last = Path.of(path.isEmpty() ? "/" : path).getFileName();
        String fit = last == null ? "" : last.toString().replaceAll("[^A-Za-z0-9._-]", "_");
        return fit.isEmpty() ? "image" : fit;
    }
}

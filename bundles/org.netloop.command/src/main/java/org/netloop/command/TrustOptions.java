package org.netloop.command;

import org.netloop.api.trust.TrustSpec;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;

/** Options of commands that open an image: whose signature it needs. */
final class TrustOptions {
    @Option(
            names = "--trust",
            paramLabel = "KEY",
            description =
                    "Public key that must have signed the image: a file, or the key itself; may be"
                            + " repeated. 'none' opens unsigned images (default: as in"
                            + " /etc/netloop/trust)")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--trust-threshold",
            paramLabel = "N",
            description = "How many of the keys must have signed (default: 1)")
    private int threshold;

    @Option(
            names = "--trust-repository",
            paramLabel = "NAME",
            description =
                    "Identity that the signatures must name (default: the first one seen of this"
                            + " repository)")
    private String repository = "";

    TrustSpec spec() {
        return new TrustSpec(keys, threshold, List.of(), repository);
    }
}

package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.command.Command;
import org.netloop.api.control.ControlClient;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;
import org.netloop.api.publish.Publisher;
import org.netloop.api.trust.Signer;
import org.netloop.api.volume.ChangedVolume;
import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Overlays.OpenSnapshot;
import org.netloop.api.volume.Volumes;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** {@code netloop overlay commit}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=overlay commit")
@CommandLine.Command(
        name = "commit",
        mixinStandardHelpOptions = true,
        description = {
            "Publishes the image below an overlay, with what was written to the overlay, as a new"
                    + " image.",
            "Only changed blocks are read and encoded where REPO has the image below. The overlay"
                    + " stays as it is, and may be in use."
        })
public final class OverlayCommitCommand implements Command {
    @Mixin private SnapshotOptions snapshot = new SnapshotOptions();

    @Parameters(
            index = "1",
            paramLabel = "REPO",
            description =
                    "The repository: a path or a URI; for the formats cloop and caibx, the"
                            + " file to write")
    private String repository = "";

    @Mixin private PublishOptions options = new PublishOptions();

    @Option(
            names = "--base",
            paramLabel = "REPO",
            description = "Repository of the image below (default: the one published to)")
    private @Nullable String base;

    @Mixin private TrustOptions trust = new TrustOptions();

    private final Publisher publisher;
    private final Volumes volumes;
    private final Overlays overlays;
    private final List<IndexFormat> formats;
    private final List<Signer> signers;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL)
    private @Nullable ControlClient client;

    /** Created by Declarative Services. */
    @Activate
    public OverlayCommitCommand(
            @Reference Publisher publisher,
            @Reference Volumes volumes,
            @Reference Overlays overlays,
            @Reference List<IndexFormat> formats,
            @Reference List<Signer> signers) {
        this.publisher = publisher;
        this.volumes = volumes;
        this.overlays = overlays;
        this.formats = formats;
        this.signers = signers;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (SnapshotOptions.Taken taken = snapshot.take(overlays, client)) {
            Digest below = overlays.about(taken.directory()).base();
            try (OpenVolume image = volumes.open(spec(below));
                    OpenSnapshot changed =
                            overlays.openSnapshot(image, taken.directory(), taken.name())) {
                options.report(publish(image, changed), null);
            }
        }
        return OK;
    }

    private Volumes.VolumeSpec spec(Digest below) {
        String place = base == null ? repository : base;
        return BaseImage.spec(uri(place), below, trust.spec());
    }

    private static URI uri(String place) {
        return org.netloop.api.index.Reference.uri(place);
    }

    private Published publish(OpenVolume image, ChangedVolume changed)
            throws IOException, InterruptedException {
        PublishSpec spec =
                options.spec(
                        uri(repository),
                        options.defaults(formats, image.image()),
                        signers,
                        image.identity(),
                        true);
        try (ProgressMeter meter = new ProgressMeter("commit")) {
            return publisher.publish(changed, spec, p -> meter.at(p.done(), p.total()));
        }
    }
}

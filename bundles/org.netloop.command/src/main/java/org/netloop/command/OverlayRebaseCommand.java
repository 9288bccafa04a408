package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.command.Command;
import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Volumes;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code netloop overlay rebase}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=overlay rebase")
@CommandLine.Command(
        name = "rebase",
        mixinStandardHelpOptions = true,
        description = {
            "Makes an overlay that is not in use stand on another image: an update of its own.",
            "Refused, with nothing changed, if the overlay has changes where the images differ."
        })
public final class OverlayRebaseCommand implements Command {
    private static final int MOST_SHOWN = 20;

    @Mixin private VolumeOptions image = new VolumeOptions();

    @Parameters(index = "1", paramLabel = "DIR", description = "The directory of the overlay")
    private Path directory = Path.of("");

    @Option(
            names = "--base",
            paramLabel = "REPO",
            description = "Repository of the image it stands on (default: that of REF)")
    private @Nullable String base;

    @Option(
            names = "--keep-own",
            description =
                    "Where the images differ and the overlay has changes, keep those: right if"
                            + " nothing refers from one place to another, as a file system does")
    private boolean keepOwn;

    private final Volumes volumes;
    private final Overlays overlays;

    /** Created by Declarative Services. */
    @Activate
    public OverlayRebaseCommand(@Reference Volumes volumes, @Reference Overlays overlays) {
        this.volumes = volumes;
        this.overlays = overlays;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        VolumeSpec wanted = image.spec();
        Digest below = overlays.about(directory).base();
        VolumeSpec former =
                BaseImage.spec(
                        base == null
                                ? wanted.reference().repository()
                                : org.netloop.api.index.Reference.uri(base),
                        below,
                        wanted.trust());
        try (OpenVolume from = volumes.open(former);
                OpenVolume to = volumes.open(wanted)) {
            List<Extent> conflicts = overlays.rebase(directory, from, to, keepOwn);
            conflicts.stream().limit(MOST_SHOWN).forEach(OverlayRebaseCommand::show);
            if (conflicts.size() > MOST_SHOWN) {
                System.out.println("conflict and " + (conflicts.size() - MOST_SHOWN) + " more");
            }
            if (!conflicts.isEmpty() && !keepOwn) {
                throw new IOException(
                        "the overlay "
                                + directory
                                + " stays on "
                                + below
                                + ": it has changes at "
                                + conflicts.size()
                                + " places where image "
                                + to.identity()
                                + " differs from that");
            }
            System.out.println("base " + to.identity());
        }
        return OK;
    }

    private static void show(Extent conflict) {
        System.out.println(
                "conflict at " + conflict.offset() + ", " + conflict.length() + " bytes");
    }
}

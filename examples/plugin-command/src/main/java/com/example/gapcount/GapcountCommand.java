package com.example.gapcount;

import org.netloop.api.block.Extent;
import org.netloop.api.command.Command;
import org.netloop.api.index.Reference;
import org.netloop.api.volume.Volumes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * {@code netloop gapcount REF}. Options and parameters are picocli's annotations; what it throws is
 * printed as one line. Each run gets an instance of its own.
 */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=gapcount")
@CommandLine.Command(
        name = "gapcount",
        description = "Tells how many bytes of an image are stored nowhere.")
public final class GapcountCommand implements Command {
    private final Volumes volumes;

    @Parameters(paramLabel = "REF")
    private String reference = "";

    /** Created by Declarative Services. */
    @Activate
    public GapcountCommand(@org.osgi.service.component.annotations.Reference Volumes volumes) {
        this.volumes = volumes;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var spec =
                new Volumes.VolumeSpec(
                        "gapcount", Reference.parse(reference), List.of(), Duration.ofSeconds(30));
        try (var volume = volumes.open(spec)) {
            long holes = 0;
            for (long at = 0; at < volume.size(); ) {
                Extent run = volume.extent(at, volume.size() - at);
                holes += run.hole() ? run.length() : 0;
                at = run.end();
            }
            System.out.println(holes);
        }
        return OK;
    }
}

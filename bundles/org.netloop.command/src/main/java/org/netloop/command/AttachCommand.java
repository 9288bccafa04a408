package org.netloop.command;

import org.netloop.api.command.Command;
import org.netloop.api.frontend.AttachmentSpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code netloop attach}: {@code mount} and {@code serve} are presets of it. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=attach")
@CommandLine.Command(
        name = "attach",
        mixinStandardHelpOptions = true,
        description = "Exposes an image by any installed frontend, until it is stopped.")
public final class AttachCommand implements Command {
    @Mixin private AttachOptions options = new AttachOptions();

    @Option(
            names = "--frontend",
            required = true,
            paramLabel = "ID",
            description = "The frontend, like devfuse or nbd; 'netloop formats' lists them")
    private String frontend = "";

    @Parameters(
            index = "1",
            paramLabel = "PLACE",
            description =
                    "Where, in the frontend's own words: a directory for devfuse and fuse; for nbd"
                            + " tcp://HOST:PORT or unix:PATH")
    private String place = "";

    @Option(
            names = "-o",
            paramLabel = "KEY=VALUE",
            description = "A setting of the frontend; may be repeated")
    private Map<String, String> settings = new LinkedHashMap<>();

    private final Attacher attacher;

    /** Created by Declarative Services. */
    @Activate
    public AttachCommand(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Attacher attacher) {
        this.attacher = attacher;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return attacher.attach(
                options, List.of(frontend), new AttachmentSpec(place, settings), _ -> Map.of());
    }
}

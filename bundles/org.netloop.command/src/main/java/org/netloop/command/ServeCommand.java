package org.netloop.command;

import org.jspecify.annotations.Nullable;
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

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code netloop serve}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=serve")
@CommandLine.Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description =
                "Serves an image as an NBD export until stopped; read-only without --overlay.")
public final class ServeCommand implements Command {
    @Mixin private AttachOptions options = new AttachOptions();

    @Option(
            names = "--nbd",
            paramLabel = "PLACE",
            defaultValue = "tcp://127.0.0.1:10809",
            description = {"tcp://HOST:PORT or unix:PATH", "(default ${DEFAULT-VALUE})"})
    private String place = "";

    @Option(
            names = "--export",
            paramLabel = "NAME",
            description = "The export's name (default: the volume's)")
    private @Nullable String export;

    @Option(
            names = "-o",
            paramLabel = "KEY=VALUE",
            description =
                    "tls.certificate=FILE or another setting of the NBD frontend; may be repeated")
    private Map<String, String> settings = new LinkedHashMap<>();

    private final Attacher attacher;

    /** Created by Declarative Services. */
    @Activate
    public ServeCommand(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Attacher attacher) {
        this.attacher = attacher;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (export != null) {
            settings.put("export", export);
        }
        return attacher.attach(
                options, List.of("nbd"), new AttachmentSpec(place, settings), _ -> Map.of());
    }
}

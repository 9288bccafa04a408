package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.volume.Volumes;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.HashMap;
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
        description = "Serves an image as a read-only NBD export, until it is stopped.")
public final class ServeCommand implements Command {
    private static final String TCP = "tcp://";

    @Mixin private VolumeOptions options = new VolumeOptions();
    @Mixin private CacheOptions cache = new CacheOptions();
    @Mixin private PrefetchOptions ahead = new PrefetchOptions();
    @Mixin private RecordOptions record = new RecordOptions();

    @Option(
            names = "--nbd",
            paramLabel = "PLACE",
            defaultValue = "tcp://127.0.0.1:10809",
            description = "tcp://HOST:PORT or unix:PATH (default ${DEFAULT-VALUE})")
    private String place = "";

    @Option(
            names = "--export",
            paramLabel = "NAME",
            description = "The export's name (default: the volume's)")
    private @Nullable String export;

    @Option(names = "--json", description = "Print where it is as one JSON object")
    private boolean json;

    private final Volumes volumes;
    private final List<Frontend> frontends;
    private final ConfigurationAdmin configurations;
    private final List<ProfileFormat> profiles;
    private final BundleContext context;

    /** By Declarative Services. */
    @Activate
    public ServeCommand(
            @Reference Volumes volumes,
            @Reference List<Frontend> frontends,
            @Reference ConfigurationAdmin configurations,
            @Reference List<ProfileFormat> profiles,
            BundleContext context) {
        this.volumes = volumes;
        this.frontends = frontends;
        this.configurations = configurations;
        this.profiles = profiles;
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (place.startsWith(TCP)) {
            ListenAddress.parse("--nbd", place.substring(TCP.length()));
        }
        Frontend nbd = Frontends.byId(frontends, "nbd");
        cache.apply(configurations, context);
        Map<String, String> settings = new HashMap<>();
        if (export != null) {
            settings.put("export", export);
        }
        try (Volumes.OpenVolume volume = volumes.open(options.spec(ahead.prefetch()));
                RecordOptions.Writer _ = record.begin(volume, profiles)) {
            Attachment attachment = nbd.attach(volume, new AttachmentSpec(place, settings));
            if (json) {
                Json.print(
                        System.out,
                        Map.of("volume", volume.name(), "address", attachment.address()));
            } else {
                System.out.println(volume.name() + " is at " + attachment.address());
            }
            Readiness.tell();
            Frontends.serveUntilStopped(attachment);
        }
        return OK;
    }
}

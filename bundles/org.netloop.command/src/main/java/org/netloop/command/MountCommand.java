package org.netloop.command;

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
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code netloop mount}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=mount")
@CommandLine.Command(
        name = "mount",
        mixinStandardHelpOptions = true,
        description = "Shows an image as the file DIR/NAME.img, until it is stopped or unmounted.")
public final class MountCommand implements Command {
    @Mixin private VolumeOptions options = new VolumeOptions();
    @Mixin private CacheOptions cache = new CacheOptions();
    @Mixin private PrefetchOptions ahead = new PrefetchOptions();
    @Mixin private RecordOptions record = new RecordOptions();

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "An empty directory; made if it is not there")
    private Path directory = Path.of("");

    @Option(
            names = "--loop",
            description =
                    "Also attach a loop device and mount the image's file system read-only at"
                            + " DIR/NAME")
    private boolean loop;

    @Option(names = "--json", description = "Print where it is as one JSON object")
    private boolean json;

    private final Volumes volumes;
    private final List<Frontend> frontends;
    private final ConfigurationAdmin configurations;
    private final List<ProfileFormat> profiles;
    private final BundleContext context;

    /** By Declarative Services. */
    @Activate
    public MountCommand(
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
        Frontend fuse = Frontends.byId(frontends, "fuse");
        cache.apply(configurations, context);
        Map<String, String> settings = new HashMap<>();
        if (loop) {
            settings.put("loop", "true");
        }
        try (Volumes.OpenVolume volume = volumes.open(options.spec(ahead.prefetch()));
                RecordOptions.Writer _ = record.begin(volume, profiles)) {
            Attachment attachment =
                    fuse.attach(
                            volume,
                            new AttachmentSpec(directory.toAbsolutePath().toString(), settings));
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

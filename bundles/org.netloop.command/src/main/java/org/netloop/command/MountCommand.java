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
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
                            + " DIR/NAME, without setuid programs and devices; of several"
                            + " partitions, each at DIR/NAME.NUMBER")
    private boolean loop;

    @Option(
            names = "--partition",
            paramLabel = "NUMBER",
            description = "With --loop: mount only this partition, at DIR/NAME")
    private @Nullable Integer partition;

    @Option(names = "--noexec", description = "With --loop: programs there cannot be run")
    private boolean noexec;

    @Option(
            names = "--allow-other",
            description = "Other users may read the image, too; by default only its owner may")
    private boolean allowOther;

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
        AttachmentSpec place =
                new AttachmentSpec(directory.toAbsolutePath().toString(), settings());
        try (Volumes.OpenVolume volume = volumes.open(options.spec(ahead.prefetch()));
                RecordOptions.Writer _ = record.begin(volume, profiles)) {
            Attachment attachment = fuse.attach(volume, place);
            tell(volume.name(), attachment.address());
            Readiness.tell();
            Frontends.serveUntilStopped(attachment);
        }
        return OK;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        if (loop || partition != null || noexec) {
            settings.put("loop", "true");
        }
        if (partition != null) {
            settings.put("partition", partition.toString());
        }
        if (noexec) {
            settings.put("noexec", "true");
        }
        if (allowOther) {
            settings.put("allow_other", "true");
        }
        return settings;
    }

    private void tell(String name, String address) throws IOException {
        List<String> fileSystems = fileSystems(name);
        if (json) {
            Json.print(
                    System.out,
                    Map.of("volume", name, "address", address, "fileSystems", fileSystems));
            return;
        }
        System.out.println(name + " is at " + address);
        fileSystems.forEach(place -> System.out.println("its file system is at " + place));
    }

    /** The directories that the frontend has made beside the file: one for each it has mounted. */
    private List<String> fileSystems(String name) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(path -> isOf(name, path) && Files.isDirectory(path))
                    .map(path -> path.toAbsolutePath().toString())
                    .sorted()
                    .toList();
        }
    }

    private static boolean isOf(String name, Path path) {
        String last = String.valueOf(path.getFileName());
        return last.equals(name) || last.startsWith(name + ".");
    }
}

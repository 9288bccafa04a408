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
        description = "Shows an image as the file DIR/NAME.img until stopped or unmounted.")
public final class MountCommand implements Command {
    /** End of the file's name; the frontend does not add it to a name that has it. */
    private static final String IMAGE = ".img";

    /** The frontends that show files, the better one first. */
    private static final List<String> PREFERRED = List.of("devfuse", "fuse");

    @Mixin private AttachOptions options = new AttachOptions();

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "An empty directory; created if missing")
    private Path directory = Path.of("");

    @Option(
            names = "--loop",
            description =
                    "Also attach a loop device and mount the image's file system at"
                            + " DIR/NAME (read-only, nosuid, nodev), or several partitions at"
                            + " DIR/NAME.NUMBER")
    private boolean loop;

    @Option(
            names = "--partition",
            paramLabel = "NUMBER",
            description = "With --loop: mount only this partition, at DIR/NAME")
    private @Nullable Integer partition;

    @Option(names = "--noexec", description = "With --loop: do not allow programs to run")
    private boolean noexec;

    @Option(
            names = "--allow-other",
            description = "Let other users read the image (default: only the owner)")
    private boolean allowOther;

    @Option(
            names = "--frontend",
            paramLabel = "ID",
            description =
                    "The frontend: devfuse or fuse (default: devfuse where it can be used, else"
                            + " fuse)")
    private @Nullable String frontend;

    private final Attacher attacher;

    /** Created by Declarative Services. */
    @Activate
    public MountCommand(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Attacher attacher) {
        this.attacher = attacher;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        AttachmentSpec place =
                new AttachmentSpec(directory.toAbsolutePath().toString(), settings());
        return attacher.attach(
                options, frontends(), place, name -> Map.of("fileSystems", fileSystems(name)));
    }

    private List<String> frontends() {
        return frontend == null ? PREFERRED : List.of(frontend);
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

    /** The directories that the frontend has made beside the file: one for each it has mounted. */
    private List<String> fileSystems(String volume) throws IOException {
        String name =
                volume.endsWith(IMAGE)
                        ? volume.substring(0, volume.length() - IMAGE.length())
                        : volume;
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

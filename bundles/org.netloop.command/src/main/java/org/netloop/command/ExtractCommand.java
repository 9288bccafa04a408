package org.netloop.command;

import org.netloop.api.block.Extent;
import org.netloop.api.command.Command;
import org.netloop.api.file.FileTarget;
import org.netloop.api.volume.Volume;
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
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code netloop extract}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=extract")
@CommandLine.Command(
        name = "extract",
        mixinStandardHelpOptions = true,
        description = {
            "Writes an image to a file, verified, and leaves its holes sparse.",
            "A block device must not be in use; its content is overwritten."
        })
public final class ExtractCommand implements Command {
    private static final int CHUNK = 8 << 20;

    @Mixin private VolumeOptions options = new VolumeOptions();
    @Mixin private CacheOptions cache = new CacheOptions();

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "The file, which appears when it is complete; or a block device")
    private Path file = Path.of("");

    @Option(names = "--force", description = "Replace an existing file")
    private boolean force;

    private final Volumes volumes;
    private final ConfigurationAdmin configurations;
    private final BundleContext context;

    /** Created by Declarative Services. */
    @Activate
    public ExtractCommand(
            @Reference Volumes volumes,
            @Reference ConfigurationAdmin configurations,
            BundleContext context) {
        this.volumes = volumes;
        this.configurations = configurations;
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (file.toString().equals("-")) {
            throw new IOException(
                    "'-' names no file: netloop cat writes an image to standard output; ./- names a"
                            + " file of that name");
        }
        ImageSink.requireReplaceable(file, force);
        refuseSource();
        cache.apply(configurations, context);
        try (Volumes.OpenVolume volume = volumes.open(options.spec(PrefetchOptions.SEQUENTIAL));
                ProgressMeter meter = new ProgressMeter("extract " + volume.name());
                ImageSink sink = ImageSink.open(file, volume.size(), force)) {
            write(volume, sink, meter);
            sink.finish();
        }
        return OK;
    }

    /** Refuses to write to the image being read, under whatever name, even with {@code --force}. */
    private void refuseSource() throws IOException {
        for (URI base : options.bases()) {
            Optional<Path> source = localPath(base);
            if (source.isPresent() && FileTarget.isSame(source.get(), file)) {
                throw new IOException(file + " is the image itself; name another file");
            }
            if (source.isPresent() && isObjectOf(source.get())) {
                throw new IOException(
                        file
                                + " is a part of the repository "
                                + source.get()
                                + "; name a new file");
            }
        }
    }

    private boolean isObjectOf(Path repository) throws IOException {
        return Files.isDirectory(repository)
                && Files.isRegularFile(file)
                && FileTarget.of(file).startsWith(repository.toRealPath());
    }

    private static Optional<Path> localPath(URI base) {
        return "file".equals(base.getScheme()) && base.getPath() != null
                ? Optional.of(Path.of(base.getPath()))
                : Optional.empty();
    }

    private static void write(Volume volume, ImageSink sink, ProgressMeter meter)
            throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        for (long at = 0; at < volume.size(); ) {
            Extent run = volume.extent(at, volume.size() - at);
            if (run.hole()) {
                sink.zero(at, run.length());
            } else {
                run = new Extent(at, Math.min(CHUNK, run.length()), false);
                buffer.clear().limit((int) run.length());
                volume.read(at, buffer);
                sink.write(buffer.flip(), at);
            }
            at = run.end();
            meter.at(at, volume.size());
        }
    }
}

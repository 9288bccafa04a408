package org.netloop.command;

import org.netloop.api.block.Extent;
import org.netloop.api.command.Command;
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
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** {@code netloop extract}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=extract")
@CommandLine.Command(
        name = "extract",
        mixinStandardHelpOptions = true,
        description = "Writes a whole image to a file, verified, with its holes.")
public final class ExtractCommand implements Command {
    private static final int CHUNK = 8 << 20;

    @Mixin private VolumeOptions options = new VolumeOptions();
    @Mixin private CacheOptions cache = new CacheOptions();

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "The file to write; in place only when it is whole")
    private Path file = Path.of("");

    private final Volumes volumes;
    private final ConfigurationAdmin configurations;
    private final BundleContext context;

    /** By Declarative Services. */
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
        cache.apply(configurations, context);
        Path target = file.toAbsolutePath();
        Path aside = target.resolveSibling("." + target.getFileName() + ".netloop-part");
        try (Volumes.OpenVolume volume = volumes.open(options.spec(PrefetchOptions.SEQUENTIAL));
                ProgressMeter meter = new ProgressMeter("extract " + volume.name(), volume.size());
                FileChannel out =
                        FileChannel.open(
                                aside,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE)) {
            write(volume, out, meter);
            out.force(true);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
        return OK;
    }

    private static void write(Volume volume, FileChannel out, ProgressMeter meter)
            throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        for (long at = 0; at < volume.size(); ) {
            Extent run = volume.extent(at, volume.size() - at);
            if (!run.hole()) {
                run = new Extent(at, Math.min(CHUNK, run.length()), false);
                buffer.clear().limit((int) run.length());
                volume.read(at, buffer);
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer, at + buffer.position());
                }
            }
            at = run.end();
            meter.at(at, volume.size());
        }
        extend(out, volume.size());
    }

    /** A hole at the end is made by its last byte. */
    private static void extend(FileChannel out, long size) throws IOException {
        if (out.size() < size) {
            out.write(ByteBuffer.allocate(1), size - 1);
        }
    }
}

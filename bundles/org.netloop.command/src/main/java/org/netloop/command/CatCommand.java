package org.netloop.command;

import org.netloop.api.command.Command;
import org.netloop.api.command.SizeConverter;
import org.netloop.api.message.Failures;
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

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** {@code netloop cat}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=cat")
@CommandLine.Command(
        name = "cat",
        mixinStandardHelpOptions = true,
        description = "Writes bytes of an image to standard output.")
public final class CatCommand implements Command {
    /** Several blocks at a time, so that they are fetched side by side. */
    private static final int CHUNK = 4 << 20;

    @Mixin private VolumeOptions options = new VolumeOptions();
    @Mixin private CacheOptions cache = new CacheOptions();

    @Option(
            names = "--offset",
            paramLabel = "SIZE",
            defaultValue = "0",
            converter = SizeConverter.class,
            description = "Offset of the first byte (default ${DEFAULT-VALUE})")
    private long offset;

    @Option(
            names = "--length",
            paramLabel = "SIZE",
            defaultValue = "8191P",
            converter = SizeConverter.class,
            description = "Number of bytes (default: up to the end)")
    private long length;

    private final Volumes volumes;
    private final ConfigurationAdmin configurations;
    private final BundleContext context;

    /** Created by Declarative Services. */
    @Activate
    public CatCommand(
            @Reference Volumes volumes,
            @Reference ConfigurationAdmin configurations,
            BundleContext context) {
        this.volumes = volumes;
        this.configurations = configurations;
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream results = System.out;
        // Standard output is the image from here on: nobody else may write a word to it.
        System.setOut(System.err);
        try {
            return copy();
        } finally {
            System.setOut(results);
        }
    }

    private int copy() throws IOException, InterruptedException {
        cache.apply(configurations, context);
        try (Volumes.OpenVolume volume = volumes.open(options.spec(PrefetchOptions.SEQUENTIAL));
                FileOutputStream stream = new FileOutputStream(FileDescriptor.out);
                FileChannel out = stream.getChannel()) {
            if (offset > volume.size()) {
                throw new IllegalArgumentException(
                        "offset "
                                + offset
                                + " is beyond the end of "
                                + volume.name()
                                + " at "
                                + volume.size());
            }
            long end = offset + Math.min(length, volume.size() - offset);
            ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
            for (long at = offset; at < end; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(CHUNK, end - at));
                volume.read(at, buffer);
                buffer.flip();
                write(buffer, out);
            }
        }
        return OK;
    }

    private static void write(ByteBuffer buffer, FileChannel out) throws IOException {
        try {
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        } catch (IOException e) {
            throw new IOException("standard output cannot be written: " + Failures.sentence(e), e);
        }
    }
}

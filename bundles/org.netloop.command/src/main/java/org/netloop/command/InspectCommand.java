package org.netloop.command;

import org.netloop.api.block.Extent;
import org.netloop.api.command.Command;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.message.Printable;
import org.netloop.api.message.Sizes;
import org.netloop.api.volume.Volumes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** {@code netloop inspect}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=inspect")
@CommandLine.Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Describes an image.")
public final class InspectCommand implements Command {
    @Mixin private VolumeOptions options = new VolumeOptions();

    @Option(names = "--map", description = "Also list the runs of data and holes")
    private boolean map;

    @Option(names = "--json", description = "Print one JSON object per line")
    private boolean json;

    private final Volumes volumes;

    /** Created by Declarative Services. */
    @Activate
    public InspectCommand(@Reference Volumes volumes) {
        this.volumes = volumes;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Volumes.OpenVolume volume = volumes.open(options.spec())) {
            if (json) {
                Json.print(System.out, summary(volume.image()));
            } else {
                print(volume.image());
            }
            if (map && !json) {
                System.out.printf("%n%16s %16s  %s%n", "OFFSET", "LENGTH", "KIND");
            }
            for (long at = 0; map && at < volume.size(); ) {
                Extent run = volume.extent(at, volume.size() - at);
                print(run);
                at = run.end();
            }
        }
        return OK;
    }

    /** Returns the properties of an image, the most important first. */
    static Map<String, Object> summary(ImageInfo image) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("image", image.digest().toString());
        result.put("format", image.format());
        result.put("size", image.size());
        result.put("blockSize", image.maxBlockLength());
        result.put("codec", image.codec());
        result.put("storedBytes", image.storedBytes());
        image.parent().ifPresent(parent -> result.put("parent", parent.toString()));
        result.put("verified", image.verification().meaning());
        result.put("labels", new TreeMap<>(image.labels()));
        return result;
    }

    private static void print(ImageInfo image) {
        line("image", image.digest());
        image.parent().ifPresent(parent -> line("parent", parent));
        line("format", image.format());
        line("codec", image.codec());
        line("size", size(image.size()));
        line("blocks", "of " + size(image.maxBlockLength()));
        line("stored", size(image.storedBytes()));
        line("verified", image.verification().meaning());
        new TreeMap<>(image.labels()).forEach((key, value) -> line("label", key + "=" + value));
    }

    /** A name of eight letters and a digest fill a line of a terminal. */
    private static void line(String name, Object value) {
        System.out.printf("%-8s %s%n", name, Printable.line(String.valueOf(value)));
    }

    private static String size(long bytes) {
        return Sizes.human(bytes) + " (" + bytes + " bytes)";
    }

    private void print(Extent run) throws IOException {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("offset", run.offset());
            line.put("length", run.length());
            line.put("hole", run.hole());
            Json.print(System.out, line);
        } else {
            System.out.printf(
                    "%16d %16d  %s%n", run.offset(), run.length(), run.hole() ? "hole" : "data");
        }
    }
}

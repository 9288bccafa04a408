package org.netloop.command;

import org.netloop.api.block.Digest;
import org.netloop.api.command.Command;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Secrets;
import org.netloop.api.message.Sizes;
import org.netloop.api.message.Table;
import org.netloop.api.message.Terminal;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code netloop ls}. */
@Component(service = Command.class, scope = ServiceScope.PROTOTYPE, property = Command.NAME + "=ls")
@CommandLine.Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "Lists the channels and images of a repository.")
public final class LsCommand implements Command {
    @Parameters(index = "0", paramLabel = "REPO", description = "The repository: a path or a URI")
    private String repository = "";

    @Option(
            names = "--format",
            paramLabel = "ID",
            defaultValue = "netloop",
            description = "Index format (default ${DEFAULT-VALUE})")
    private String format = "";

    @Option(names = "--full", description = "Print full digests on a terminal too, as elsewhere")
    private boolean full;

    @Option(names = "--json", description = "Print one JSON object per line")
    private boolean json;

    private final List<Map.Entry<Map<String, Object>, Transport>> transports;
    private final List<IndexFormat> formats;

    /** Created by Declarative Services. */
    @Activate
    public LsCommand(
            @org.osgi.service.component.annotations.Reference
                    List<Map.Entry<Map<String, Object>, Transport>> transports,
            @org.osgi.service.component.annotations.Reference List<IndexFormat> formats) {
        this.transports = transports;
        this.formats = formats;
    }

    @Override
    public Integer call() throws IOException {
        URI base = Reference.uri(repository);
        try (Repository opened = Schemes.find(transports, base.getScheme()).open(base)) {
            Catalog catalog = IndexFormat.find(formats, format).catalog(opened);
            List<Catalog.Channel> channels = catalog.channels();
            List<ImageInfo> images = catalog.images();
            if (channels.isEmpty() && images.isEmpty()) {
                throw new IOException(
                        "there is no channel and no image of format "
                                + format
                                + " in "
                                + Secrets.hide(base)
                                + ": it is not a repository, or an empty one");
            }
            if (json) {
                printObjects(channels, images);
            } else {
                printTables(channels, images);
            }
        }
        return OK;
    }

    private static void printObjects(List<Catalog.Channel> channels, List<ImageInfo> images)
            throws IOException {
        for (Catalog.Channel channel : channels) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("channel", channel.name());
            line.put("image", channel.image().toString());
            line.put("sequence", channel.sequence());
            Json.print(System.out, line);
        }
        for (ImageInfo image : images) {
            Json.print(System.out, InspectCommand.summary(image));
        }
    }

    private void printTables(List<Catalog.Channel> channels, List<ImageInfo> images) {
        Table pointers = new Table("CHANNEL", "SEQUENCE", "IMAGE");
        channels.forEach(
                channel -> pointers.add(channel.name(), channel.sequence(), text(channel.image())));
        Table all = new Table("SIZE", "CODEC", "IMAGE", "LABELS");
        images.forEach(
                image ->
                        all.add(
                                Sizes.human(image.size()),
                                image.codec(),
                                text(image.digest()),
                                labels(image)));
        if (!pointers.isEmpty()) {
            pointers.lines().forEach(System.out::println);
        }
        if (!pointers.isEmpty() && !all.isEmpty()) {
            System.out.println();
        }
        if (!all.isEmpty()) {
            all.lines().forEach(System.out::println);
        }
    }

    /** A digest in full takes a line of a terminal. */
    private String text(Digest digest) {
        return full || !Terminal.isThere() ? digest.toString() : digest.brief();
    }

    private static String labels(ImageInfo image) {
        return image.labels().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(" "));
    }
}

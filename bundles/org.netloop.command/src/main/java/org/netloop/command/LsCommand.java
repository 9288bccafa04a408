package org.netloop.command;

import org.netloop.api.command.Command;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
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
            defaultValue = "netloop",
            description = "Index format (default ${DEFAULT-VALUE})")
    private String format = "";

    @Option(names = "--json", description = "Print one JSON object a line")
    private boolean json;

    private final List<Map.Entry<Map<String, Object>, Transport>> transports;
    private final List<IndexFormat> formats;

    /** By Declarative Services. */
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
            Catalog catalog = format().catalog(opened);
            for (Catalog.Channel channel : catalog.channels()) {
                print(channel);
            }
            for (ImageInfo image : catalog.images()) {
                print(image);
            }
        }
        return OK;
    }

    private IndexFormat format() throws IOException {
        return formats.stream()
                .filter(candidate -> candidate.id().equals(format))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IOException(
                                        "no index format '"
                                                + format
                                                + "' is installed (there are "
                                                + formats.stream()
                                                        .map(IndexFormat::id)
                                                        .sorted()
                                                        .toList()
                                                + "); install the feature format-"
                                                + format));
    }

    private void print(Catalog.Channel channel) throws IOException {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("channel", channel.name());
            line.put("image", channel.image().toString());
            line.put("sequence", channel.sequence());
            Json.print(System.out, line);
        } else {
            System.out.printf(
                    "channel  %-16s %s  #%d%n",
                    channel.name(), channel.image(), channel.sequence());
        }
    }

    private void print(ImageInfo image) throws IOException {
        if (json) {
            Json.print(System.out, InspectCommand.summary(image));
        } else {
            System.out.printf(
                    "image    %-16s %s  %s%s%n",
                    Sizes.human(image.size()),
                    image.digest(),
                    image.codec(),
                    image.labels().isEmpty() ? "" : "  " + image.labels());
        }
    }
}

package org.netloop.command;

import org.netloop.api.cache.BlockCache;
import org.netloop.api.codec.Codec;
import org.netloop.api.command.Command;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.message.Table;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.transport.Transport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** {@code netloop formats}: what the service registry has of each contract. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=formats")
@CommandLine.Command(
        name = "formats",
        mixinStandardHelpOptions = true,
        description =
                "Lists the installed codecs, index formats, transports, caches,"
                        + " frontends and mirror policies, with their bundles.")
public final class FormatsCommand implements Command {
    @Option(names = "--json", description = "Print one JSON object per line")
    private boolean json;

    private final BundleContext context;

    /** Created by Declarative Services. */
    @Activate
    public FormatsCommand(BundleContext context) {
        this.context = context;
    }

    /** One backend. */
    private record Row(String kind, String id, String bundle, String version) {}

    @Override
    public Integer call() throws IOException {
        List<Row> rows = new ArrayList<>();
        rows.addAll(named("codec", Codec.class, Codec::id));
        rows.addAll(named("format", IndexFormat.class, IndexFormat::id));
        rows.addAll(described("transport", Transport.class, Transport.SCHEMES));
        rows.addAll(described("cache", BlockCache.class, BlockCache.TIER));
        rows.addAll(named("frontend", Frontend.class, Frontend::id));
        rows.addAll(named("mirror", MirrorPolicy.class, MirrorPolicy::id));
        if (json) {
            for (Row row : rows) {
                print(row);
            }
        } else {
            Table table = new Table("KIND", "ID", "BUNDLE", "VERSION");
            rows.forEach(row -> table.add(row.kind(), row.id(), row.bundle(), row.version()));
            table.lines().forEach(System.out::println);
        }
        return OK;
    }

    private <S> List<ServiceReference<S>> references(Class<S> contract) {
        try {
            return List.copyOf(context.getServiceReferences(contract, null));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Services that tell their id themselves. */
    private <S> List<Row> named(String kind, Class<S> contract, Function<S, String> id) {
        List<Row> rows = new ArrayList<>();
        for (ServiceReference<S> reference : references(contract)) {
            S service = context.getService(reference);
            if (service != null) { // it may have left meanwhile
                rows.add(row(kind, id.apply(service), reference));
                context.ungetService(reference);
            }
        }
        return sorted(rows);
    }

    /** Services whose properties tell what they are for: one or several values. */
    private <S> List<Row> described(String kind, Class<S> contract, String property) {
        List<Row> rows = new ArrayList<>();
        for (ServiceReference<S> reference : references(contract)) {
            Object value = reference.getProperty(property);
            String id =
                    value instanceof String[] several
                            ? String.join(",", several)
                            : String.valueOf(value);
            rows.add(row(kind, id, reference));
        }
        return sorted(rows);
    }

    private static Row row(String kind, String id, ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        return bundle == null
                ? new Row(kind, id, "-", "-")
                : new Row(kind, id, bundle.getSymbolicName(), bundle.getVersion().toString());
    }

    private static List<Row> sorted(List<Row> rows) {
        rows.sort(Comparator.comparing(Row::id));
        return rows;
    }

    private static void print(Row row) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("kind", row.kind());
        line.put("id", row.id());
        line.put("bundle", row.bundle());
        line.put("version", row.version());
        Json.print(System.out, line);
    }
}

package org.netloop.repository;

import org.netloop.api.index.Catalog;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Opens repositories and their catalogs with the installed transports and formats. Thread-safe. */
@Component(service = Repositories.class)
public final class Repositories {
    private final List<Map.Entry<Map<String, Object>, Transport>> transports;
    private final List<IndexFormat> formats;

    /** Created by Declarative Services. */
    @Activate
    public Repositories(
            @Reference List<Map.Entry<Map<String, Object>, Transport>> transports,
            @Reference List<IndexFormat> formats) {
        this.transports = List.copyOf(transports);
        this.formats = List.copyOf(formats);
    }

    /** Opens a repository that can be written. */
    Repository open(URI base) throws FetchException {
        return transport(base).open(base);
    }

    /**
     * Opens a repository that is only read; one that cannot be listed is fetched object by object.
     */
    Repository openSource(URI base) throws FetchException {
        Transport transport = transport(base);
        try {
            return transport.open(base);
        } catch (FetchException.Unsupported _) {
            return new FetchedRepository(base, transport);
        }
    }

    private Transport transport(URI base) throws FetchException {
        return Schemes.find(transports, base.getScheme());
    }

    /**
     * Opens the catalog of a format.
     *
     * @throws IOException if no such format is installed, or it has no catalog
     */
    Catalog catalog(String format, Repository repository) throws IOException {
        return IndexFormat.find(formats, format).catalog(repository);
    }

    /** The catalogs of all installed formats that have one: a repository may hold several. */
    List<Catalog> catalogs(Repository repository) throws IOException {
        List<Catalog> catalogs = new ArrayList<>();
        for (IndexFormat format : formats) {
            try {
                catalogs.add(format.catalog(repository));
            } catch (FetchException.Unsupported _) {
                continue; // its images are single files
            }
        }
        return catalogs;
    }
}

package org.netloop.repository;

import org.netloop.api.index.Catalog;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.message.Secrets;
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
import java.util.stream.Stream;

/** Opens repositories and their catalogs with the installed transports and formats. Thread-safe. */
@Component(service = Repositories.class)
public final class Repositories {
    private static final String BLOCKS = "blocks/";

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
     * Opens a repository that has something to change already: a mistyped path is refused before
     * anything is made there.
     *
     * @throws IOException if there is neither channel nor image nor block
     */
    Repository openExisting(URI base) throws IOException {
        Repository repository = open(base);
        try {
            if (isEmpty(repository)) {
                throw new IOException(
                        "there is no channel, no image and no block in "
                                + Secrets.hide(base)
                                + ": it is not a repository, or an empty one");
            }
            return repository;
        } catch (IOException | RuntimeException e) {
            repository.close();
            throw e;
        }
    }

    /** Blocks first: an image that is damaged is not read for this. */
    private boolean isEmpty(Repository repository) throws IOException {
        try (Stream<Repository.Entry> blocks = repository.list(BLOCKS)) {
            if (blocks.findAny().isPresent()) {
                return false;
            }
        }
        for (Catalog catalog : catalogs(repository)) {
            if (!catalog.channels().isEmpty() || !catalog.images().isEmpty()) {
                return false;
            }
        }
        return true;
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

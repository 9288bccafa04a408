package org.netloop.format.caibx;

import org.netloop.api.block.Block;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.index.Reference;
import org.netloop.api.index.WritingDefaults;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A blob index of casync, with its chunk store beside it or where the reference says. */
@Component(service = IndexFormat.class)
public final class CaibxFormat implements IndexFormat {
    static final String ID = "caibx";

    private final int partLength;

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    @Activate
    public CaibxFormat() {
        this(CaibxIndex.PART);
    }

    /**
     * @param partLength how many chunks a part of the map has
     */
    CaibxFormat(int partLength) {
        this.partLength = partLength;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String entry(Reference reference) {
        return "";
    }

    @Override
    public boolean recognises(ByteBuffer head) {
        return Header.isOne(head);
    }

    /** Returns defaults with blocks as long as casync's longest chunks. */
    @Override
    public WritingDefaults defaults() {
        return new WritingDefaults(
                ImageSpec.STANDARD_BLOCK_LENGTH, "zstd", DigestAlgorithm.SHA256, false);
    }

    @Override
    public IndexWriter write(Repository repository, ImageSpec spec) throws IOException {
        return new CaibxWriter(repository, spec);
    }

    @Override
    public Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException {
        String name = reference.repository().toString();
        ObjectVersion file = ObjectVersion.of(reference, objects, ID);
        Table table = Table.read(name, file, objects);
        Store store = Store.of(reference.repository());
        CaibxIndex index = new CaibxIndex(table, store, objects, partLength);
        if (table.size() > 0) {
            checkStore(name, store, index.block(0), objects);
        }
        return index;
    }

    /** A store in a wrong place is told now, and not to the first who reads. */
    private static void checkStore(String name, Store store, Block first, ObjectReader objects)
            throws FetchException, InterruptedException {
        if (first.storedOrNull() == null) {
            return;
        }
        try {
            objects.read(first.storedOrNull(), first.length());
        } catch (FetchException.Missing e) {
            throw new FetchException.Missing(
                    name
                            + ": its first chunk is not in the chunk store "
                            + store
                            + " beside it; tell where the store is by ?store=../other.castr at"
                            + " the end of its URI: "
                            + e.getMessage(),
                    e);
        }
    }
}

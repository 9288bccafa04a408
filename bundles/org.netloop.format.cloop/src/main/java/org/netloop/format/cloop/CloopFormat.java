package org.netloop.format.cloop;

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
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of the compressed loopback device, as KNOPPIX has it. */
@Component(service = IndexFormat.class)
public final class CloopFormat implements IndexFormat {
    static final String ID = "cloop";
    private static final int BLOCK_LENGTH = 64 << 10;

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public CloopFormat() {}

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

    @Override
    public boolean recognisesTail(ByteBuffer tail) {
        return tail.remaining() >= Header.LENGTH
                && Header.isOne(tail.slice(tail.limit() - Header.LENGTH, Header.LENGTH));
    }

    /** The block length of {@code create_compressed_fs}. */
    @Override
    public WritingDefaults defaults() {
        return new WritingDefaults(BLOCK_LENGTH, "zlib", DigestAlgorithm.SHA256, false);
    }

    @Override
    public IndexWriter write(Repository repository, ImageSpec spec) throws IOException {
        return new CloopWriter(repository, spec);
    }

    @Override
    public Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException {
        ObjectVersion file = ObjectVersion.of(reference, objects, ID);
        return new CloopIndex(
                file, Layout.read(reference.repository().toString(), file, objects), objects);
    }
}

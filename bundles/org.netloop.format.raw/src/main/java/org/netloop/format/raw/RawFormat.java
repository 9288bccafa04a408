package org.netloop.format.raw;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.osgi.service.component.annotations.Component;

import java.nio.ByteBuffer;
import java.util.Locale;

/** A file that is the image itself. */
@Component(service = IndexFormat.class)
public final class RawFormat implements IndexFormat {
    static final String ID = "raw";

    /** Less than a sector is no disk. */
    private static final int SECTOR = 512;

    /**
     * Number of bytes in which a page of HTML, which servers send in place of a directory, shows
     * that it is one.
     */
    private static final int TOLD_BY = 64;

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public RawFormat() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String entry(Reference reference) {
        return "";
    }

    @Override
    public boolean isLastResort() {
        return true;
    }

    @Override
    public boolean recognises(ByteBuffer head) {
        return head.remaining() >= SECTOR && !isPage(head);
    }

    private static boolean isPage(ByteBuffer head) {
        byte[] begin = new byte[TOLD_BY];
        head.get(head.position(), begin);
        String text = new String(begin, ISO_8859_1).strip().toLowerCase(Locale.ROOT);
        return text.startsWith("<!doctype") || text.startsWith("<html");
    }

    @Override
    public Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException {
        ObjectVersion file = ObjectVersion.of(reference, objects, ID);
        if (file.length() == 0) {
            throw new FetchException.Corrupt(reference.repository() + " is empty: no image");
        }
        return new RawIndex(file);
    }
}

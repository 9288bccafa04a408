package org.netloop.format.qcow2;

import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.osgi.service.component.annotations.Component;

import java.nio.ByteBuffer;

/** QEMU's image format, versions 2 and 3. */
@Component(service = IndexFormat.class)
public final class Qcow2Format implements IndexFormat {
    static final String ID = "qcow2";

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public Qcow2Format() {}

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
    public Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException {
        String name = reference.repository().toString();
        ObjectVersion file = ObjectVersion.of(reference, objects, ID);
        Header header = Header.read(name, file, objects);
        return new Qcow2Index(file, name, header, header.readL1(name, file, objects), objects);
    }
}

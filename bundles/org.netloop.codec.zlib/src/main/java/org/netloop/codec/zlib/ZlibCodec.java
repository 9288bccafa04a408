package org.netloop.codec.zlib;

import org.netloop.api.codec.Codec;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The zlib format (RFC 1950) by the JDK: the codec of the HTTP-FUSE CLOOP paper. */
@Component(service = Codec.class)
public final class ZlibCodec extends InflatingCodec {

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public ZlibCodec() {
        super("zlib", false);
    }

    /** Gives native memory back. */
    @Deactivate
    void close() {
        end();
    }
}

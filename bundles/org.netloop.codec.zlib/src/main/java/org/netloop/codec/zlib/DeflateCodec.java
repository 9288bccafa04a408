package org.netloop.codec.zlib;

import org.netloop.api.codec.Codec;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The deflate format (RFC 1951) by the JDK: a bare stream, without any header or checksum. */
@Component(service = Codec.class)
public final class DeflateCodec extends InflatingCodec {

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public DeflateCodec() {
        super("deflate", true);
    }

    /** Gives native memory back. */
    @Deactivate
    void close() {
        end();
    }
}

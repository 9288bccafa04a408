package org.netloop.frontend.nbd;

import java.io.IOException;
import java.nio.channels.ByteChannel;

/** TLS that a server offers a client. */
interface Encryption {
    /** Returns the server's mode. */
    TlsMode mode();

    /**
     * Takes the connection into TLS, once the client was told to begin it.
     *
     * @throws ProtocolException if that fails: the connection ends then
     */
    Secured secure() throws IOException, InterruptedException;

    /** A connection inside TLS, and the exports that its client may see. */
    record Secured(ByteChannel channel, Exports exports) {}
}

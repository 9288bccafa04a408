package org.netloop.frontend.nbd;

import java.io.IOException;

/** The client does not speak as it should: it is disconnected. */
final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
        super(message);
    }
}

package org.netloop.frontend.nbd;

/** Headers of requests and replies that a client negotiated. */
enum Framing {
    /** Requests of 28 bytes, simple replies. */
    SIMPLE,
    /** Requests of 28 bytes, structured replies. */
    STRUCTURED,
    /** Requests and replies of 32 bytes, with lengths of 64 bits. */
    EXTENDED;

    /** Returns whether replies come in parts, with messages for errors. */
    boolean hasParts() {
        return this != SIMPLE;
    }

    /** Returns the length in bytes of a request's header. */
    int requestLength() {
        return this == EXTENDED ? Nbd.EXTENDED_REQUEST_LENGTH : Nbd.REQUEST_LENGTH;
    }

    /** Returns the length in bytes of the header of a reply, or of a part of one. */
    int replyLength() {
        return switch (this) {
            case SIMPLE -> Nbd.SIMPLE_REPLY_LENGTH;
            case STRUCTURED -> Nbd.CHUNK_LENGTH;
            case EXTENDED -> Nbd.EXTENDED_REPLY_LENGTH;
        };
    }
}

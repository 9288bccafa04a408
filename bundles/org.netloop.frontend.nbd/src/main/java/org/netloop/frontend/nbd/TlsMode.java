package org.netloop.frontend.nbd;

/** Modes of a place towards TLS, as the protocol has them. */
enum TlsMode {
    /** There is none (NOTLS). */
    OFF,
    /**
     * Clients may use it; they have to for exports that only some clients may see (SELECTIVETLS).
     */
    OFFERED,
    /** Nothing is said to a client that does not use it (FORCEDTLS). */
    REQUIRED
}

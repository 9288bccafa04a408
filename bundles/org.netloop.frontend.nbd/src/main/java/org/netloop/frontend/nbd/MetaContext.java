package org.netloop.frontend.nbd;

/** Kinds of knowledge about ranges of a volume that a client may select. */
enum MetaContext {
    /** Holes, which read as zeros ({@code base:allocation}). */
    ALLOCATION("base:", "allocation"),

    /** Parts that were written to an overlay, and those of the image below. */
    OVERLAY("netloop:", "overlay");

    private final String namespace;
    private final String leaf;

    MetaContext(String namespace, String leaf) {
        this.namespace = namespace;
        this.leaf = leaf;
    }

    /** Returns the name of the protocol. */
    String text() {
        return namespace + leaf;
    }

    /** Returns the number of it in requests and replies, at least 1. */
    int id() {
        return ordinal() + 1;
    }

    /**
     * Returns whether a query means this one.
     *
     * @param set whether it selects, where a bare namespace selects nothing
     */
    boolean matches(String query, boolean set) {
        return query.equals(text()) || !set && query.equals(namespace);
    }
}

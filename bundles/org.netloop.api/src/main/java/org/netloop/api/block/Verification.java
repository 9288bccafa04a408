package org.netloop.api.block;

/** What the key of a stored block vouches for. */
public enum Verification {
    /** The key is the digest of the stored bytes: checked before anything is decoded. */
    STORED,
    /**
     * The key is the digest of the plain bytes (casync's chunks): checked after a bounded decoding.
     */
    PLAIN,
    /**
     * The key only names the place (a plain image read by ranges): nothing but the length is
     * checked.
     */
    NONE
}

package org.netloop.api.trust;

/**
 * A key that signatures are checked with. Immutable.
 *
 * @param scheme the signature scheme it belongs to, as {@link Verifier#scheme()}
 * @param id names it in signatures: short, and not secret; two keys of one id are told apart by
 *     their text only
 * @param text the whole key in one line, as a user writes it
 */
public record PublicKey(String scheme, String id, String text) {
    /** The scheme and the id, as messages call it. */
    @Override
    public String toString() {
        return scheme + " key " + id;
    }
}

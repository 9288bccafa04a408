package org.netloop.api.trust;

import org.netloop.api.message.Secrets;

import java.util.List;

/**
 * The keys that must have signed what is opened, as a user writes it.
 *
 * @param keys public keys: the names of their files, or the keys themselves, each in one line;
 *     {@value #NONE_WORD} alone for nothing at all; empty for the default of this host
 * @param threshold how many of them must have signed, at least 1; 0 for the default: 1
 * @param revoked public keys whose signatures count no more, whoever accepts them
 * @param repository the identity that the repository must have; empty to keep to the one that is
 *     seen first
 */
public record TrustSpec(List<String> keys, int threshold, List<String> revoked, String repository) {

    /** Policy that demands what this host demands by default. */
    public static final TrustSpec DEFAULT = new TrustSpec(List.of(), 0, List.of(), "");

    /** Word in place of a key that means that no signature is needed. */
    public static final String NONE_WORD = "none";

    /** No signature is needed, whatever this host demands by default. */
    public static final TrustSpec NONE = new TrustSpec(List.of(NONE_WORD), 0, List.of(), "");

    /** Checks the threshold and the identity, and copies the lists. */
    public TrustSpec {
        keys = keys.stream().map(String::strip).filter(key -> !key.isEmpty()).toList();
        revoked = revoked.stream().map(String::strip).filter(key -> !key.isEmpty()).toList();
        if (keys.contains(NONE_WORD) && (keys.size() > 1 || threshold > 0)) {
            throw new IllegalArgumentException(
                    "trust '" + NONE_WORD + "' cannot be combined with keys or a threshold");
        }
        if (threshold < 0 || threshold > Verifier.MAX_SIGNATURES) {
            throw new IllegalArgumentException(
                    "a trust threshold of "
                            + threshold
                            + " is not from 1 to "
                            + Verifier.MAX_SIGNATURES);
        }
        if (threshold > 0 && keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "a trust threshold of " + threshold + " needs keys: name them by trust");
        }
        if (!repository.isEmpty() && !Statement.isRepository(repository)) {
            throw new IllegalArgumentException(
                    "'"
                            + Secrets.hide(repository)
                            + "' is not the identity of a repository: "
                            + Statement.REPOSITORY_FORM);
        }
    }

    /** Returns whether no signature is needed, whatever this host demands by default. */
    public boolean isNone() {
        return keys.equals(NONE.keys);
    }

    /** Returns whether the host's default selects the keys. */
    public boolean isDefault() {
        return keys.isEmpty();
    }
}

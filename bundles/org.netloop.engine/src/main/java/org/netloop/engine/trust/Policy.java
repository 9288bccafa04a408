package org.netloop.engine.trust;

import org.netloop.api.trust.PublicKey;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Keys, and how many of them must have signed what is opened. Immutable.
 *
 * @param keys that count; empty if no signature is needed
 * @param threshold how many of them must have signed
 * @param revoked keys that count no more, also where they are among the others
 * @param repository the identity that the repository must have; empty for the one seen first
 */
public record Policy(
        List<PublicKey> keys, int threshold, List<PublicKey> revoked, String repository) {

    /** No signature is needed. */
    public static final Policy NONE = new Policy(List.of(), 0, List.of(), "");

    /** Copies the lists. */
    public Policy {
        keys = List.copyOf(keys);
        revoked = List.copyOf(revoked);
    }

    /** Returns whether signatures are required. */
    public boolean demandsSignatures() {
        return !keys.isEmpty();
    }

    boolean isRevoked(PublicKey key) {
        return revoked.contains(key);
    }

    /** The keys of that id that count. */
    List<PublicKey> named(String id) {
        return keys.stream().filter(key -> key.id().equals(id) && !isRevoked(key)).toList();
    }

    /** Returns the requirement as messages show it. */
    @Override
    public String toString() {
        List<String> good =
                keys.stream().filter(key -> !isRevoked(key)).map(PublicKey::id).toList();
        String ids = String.join(", ", good);
        return good.size() == 1 && threshold == 1
                ? "key " + ids
                : threshold
                        + " of the keys "
                        + ids
                        + keys.stream()
                                .filter(this::isRevoked)
                                .map(key -> key.id() + " is revoked")
                                .collect(Collectors.joining(", ", " (", ")"))
                                .replace(" ()", "");
    }
}

package org.netloop.engine.trust;

import org.netloop.api.message.FeatureHint;
import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.Envelope;
import org.netloop.api.trust.PublicKey;
import org.netloop.api.trust.Statement;
import org.netloop.api.trust.Verifier;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks the signatures of sealed statements by one policy. Thread-safe.
 *
 * @param verifiers the schemes there are
 * @param policy says which keys count
 * @param grace how long a scheme is waited for
 */
public record Signatures(Backends<Verifier> verifiers, Policy policy, Duration grace) {

    /**
     * The statement, once enough keys that count have signed it.
     *
     * @param from where it came from
     * @throws FetchException.Corrupt if it is malformed
     * @throws FetchException.Untrusted if too few have
     */
    Statement open(URI from, ByteBuffer sealed) throws FetchException, InterruptedException {
        String scheme = policy.keys().getFirst().scheme();
        try (Use<Verifier> use = verifiers.enter(scheme, grace)) {
            if (use == null) {
                throw new FetchException.Unsupported(
                        "signatures cannot be checked: the signature scheme '"
                                + scheme
                                + "' is not installed; "
                                + FeatureHint.of("trust", scheme));
            }
            Envelope envelope =
                    use.call(
                            FetchException.class,
                            verifier ->
                                    Objects.requireNonNull(
                                            verifier.open(from.toString(), sealed.duplicate())));
            requireEnough(from, use, envelope);
            return Statement.parse(from.toString(), envelope.message());
        } catch (BackendException e) {
            throw new FetchException.Unavailable(from + ": " + e.getMessage(), e);
        }
    }

    private void requireEnough(URI from, Use<Verifier> use, Envelope envelope)
            throws FetchException.Untrusted, BackendException, InterruptedException {
        Set<PublicKey> good = new HashSet<>();
        Set<String> others = new TreeSet<>();
        for (Envelope.Signature signature : envelope.signatures()) {
            PublicKey key = whoSigned(use, signature, envelope.message());
            if (key != null) {
                good.add(key);
            } else {
                others.add(signature.keyId() + reason(signature));
            }
        }
        if (good.size() < policy.threshold()) {
            throw new FetchException.Untrusted(
                    from
                            + " is signed by "
                            + (good.isEmpty() ? "" : good.size() + " key that counts, and by ")
                            + (others.isEmpty() ? "no other" : "key " + String.join(", ", others))
                            + "; needed is "
                            + policy
                            + ". To accept another key: --trust KEY; to open what is not signed:"
                            + " --trust none");
        }
    }

    private @org.jspecify.annotations.Nullable PublicKey whoSigned(
            Use<Verifier> use, Envelope.Signature signature, ByteBuffer message)
            throws BackendException, InterruptedException {
        for (PublicKey key : policy.named(signature.keyId())) {
            if (use.call(verifier -> verifier.verifies(key, signature, message.duplicate()))) {
                return key;
            }
        }
        return null;
    }

    private String reason(Envelope.Signature signature) {
        if (!policy.named(signature.keyId()).isEmpty()) {
            return " (which is wrong)";
        }
        return policy.revoked().stream().anyMatch(key -> key.id().equals(signature.keyId()))
                ? " (which is revoked)"
                : "";
    }
}

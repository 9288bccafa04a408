package org.netloop.engine.trust;

import org.netloop.api.file.SmallFile;
import org.netloop.api.message.Failures;
import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.PublicKey;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.trust.Verifier;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns what a user says of trust into a policy, with the default of this host where he says
 * nothing. The default is read anew each time. Thread-safe.
 *
 * @param verifiers the schemes there are, each also by the key {@link #ANY}
 * @param hostFile the default of this host; it need not exist
 * @param grace how long a scheme is waited for
 */
public record Policies(Backends<Verifier> verifiers, Path hostFile, Duration grace) {
    /** Key under which any scheme is found. */
    public static final String ANY = "";

    private static final int LONGEST_FILE = 1 << 20;

    /**
     * The policy of a volume.
     *
     * @throws FetchException.Unsupported if a key is not one of an installed scheme
     * @throws IOException if the host's file or the file of a key cannot be read; nothing is opened
     *     then
     */
    public Policy of(TrustSpec spec) throws IOException, InterruptedException {
        TrustSpec host = host();
        List<String> revoked = new ArrayList<>(spec.revoked());
        revoked.addAll(host.revoked());
        TrustSpec chosen = spec.isDefault() ? host : spec;
        if (chosen.isNone() || chosen.keys().isEmpty()) {
            return Policy.NONE;
        }
        List<PublicKey> keys = keys(chosen.keys());
        int threshold = Math.max(1, chosen.threshold());
        if (keys.size() < threshold) {
            throw new IllegalArgumentException(
                    "trust needs "
                            + threshold
                            + " signatures, and there are only "
                            + keys.size()
                            + " different keys");
        }
        return new Policy(keys, threshold, keys(revoked), spec.repository());
    }

    private List<PublicKey> keys(List<String> texts) throws IOException, InterruptedException {
        List<PublicKey> keys = new ArrayList<>();
        for (String text : texts) {
            PublicKey key = key(text);
            if (!keys.contains(key)) {
                keys.add(key);
            }
        }
        return keys;
    }

    private PublicKey key(String text) throws IOException, InterruptedException {
        Optional<PublicKey> inLine = parse(text);
        return inLine.isPresent() ? inLine.get() : fromFile(text);
    }

    private PublicKey fromFile(String name) throws IOException, InterruptedException {
        try {
            Path file = Path.of(name);
            return parse(SmallFile.text(file, LONGEST_FILE))
                    .orElseThrow(
                            () ->
                                    new FetchException.Unsupported(
                                            file
                                                    + " is not a public key of an installed"
                                                    + " signature scheme ("
                                                    + verifiers.keys().stream()
                                                            .filter(key -> !key.equals(ANY))
                                                            .toList()
                                                    + ")"));
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new IOException(
                    "trust names '" + name + "', which is neither a public key nor a file with one",
                    e);
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new IOException(name + " is not a public key", e);
        }
    }

    private Optional<PublicKey> parse(String text) throws IOException, InterruptedException {
        try (Use<Verifier> any = verifiers.enter(ANY, grace)) {
            if (any == null) {
                throw new FetchException.Unsupported(
                        "signatures cannot be checked: no signature scheme is installed; install"
                                + " the feature trust-signify");
            }
        }
        for (String scheme : verifiers.keysByRank()) {
            try (Use<Verifier> use = verifiers.enter(scheme)) {
                Optional<PublicKey> key =
                        use == null ? Optional.empty() : use.call(verifier -> verifier.key(text));
                if (key.isPresent()) {
                    return key;
                }
            } catch (BackendException e) {
                throw new IOException("a key cannot be read: " + e.getMessage(), e);
            }
        }
        return Optional.empty();
    }

    /** Returns the policy in the host's file; empty if there is none. */
    private TrustSpec host() throws IOException {
        String text;
        try {
            text = SmallFile.text(hostFile, LONGEST_FILE);
        } catch (NoSuchFileException _) {
            return TrustSpec.NONE;
        } catch (IOException e) {
            throw new IOException(
                    "nothing is opened, because what this host trusts cannot be read from "
                            + hostFile
                            + ": "
                            + Failures.sentence(e),
                    e);
        }
        return HostFile.parse(hostFile, text);
    }
}

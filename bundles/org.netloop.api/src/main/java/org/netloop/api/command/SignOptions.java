package org.netloop.api.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.trust.SecretKeys;
import org.netloop.api.trust.Signer;
import org.netloop.api.trust.Signing;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Options of commands that publish: the keys to sign with, and what the signatures say. A picocli
 * mix-in: {@code @Mixin SignOptions sign}, as a field or a parameter. Used by one thread.
 */
public final class SignOptions {
    private static final String STANDARD_DAYS = "30";

    @Option(
            names = "--sign",
            paramLabel = "KEY",
            description =
                    "Sign what is published with the secret key in this file; may be repeated")
    private List<Path> keys = new ArrayList<>();

    @Option(
            names = "--valid-days",
            paramLabel = "DAYS",
            defaultValue = STANDARD_DAYS,
            description =
                    "How long signed channels and profiles are valid (default ${DEFAULT-VALUE});"
                            + " 'netloop sign' signs them again")
    private int days;

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            description =
                    "The identity that signatures bind the repository to (default: the one it has,"
                            + " or a random one)")
    private String identity = "";

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "The passphrase of encrypted keys (default: asked at the terminal)")
    private @Nullable Path passphrase;

    /** Makes the options; picocli fills them in. */
    public SignOptions() {}

    /**
     * Reads the keys. Asks for the passphrase of an encrypted one at the terminal, unless a file
     * has it.
     *
     * @param signers the schemes there are
     * @return null if no key was named: nothing is to be signed
     * @throws org.netloop.api.transport.FetchException.Unsupported if no scheme is installed
     * @throws IllegalArgumentException if a number of days or an identity is not valid
     * @throws IOException if a key cannot be read
     */
    public @Nullable Signing signing(List<Signer> signers) throws IOException {
        if (keys.isEmpty()) {
            return null;
        }
        return SecretKeys.signing(
                signers, keys, SecretKeys.passphrase(passphrase), Duration.ofDays(days), identity);
    }
}

package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.netloop.api.file.AtomicFile;
import org.netloop.api.file.PrivateDirectory;
import org.netloop.api.file.SmallFile;
import org.netloop.api.trust.PublicKey;
import org.netloop.api.trust.SecretKeys;
import org.netloop.api.trust.Signer;
import org.netloop.api.trust.Verifier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code netloop key}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=key")
@CommandLine.Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Creates and shows keys that images are signed with.",
        synopsisSubcommandLabel = "COMMAND")
public final class KeyCommand implements Command {
    private static final int LONGEST_FILE = 64 << 10;

    @Spec private CommandSpec spec = CommandSpec.create();

    private final List<Signer> signers;
    private final List<Verifier> verifiers;

    /** Created by Declarative Services. */
    @Activate
    public KeyCommand(
            @org.osgi.service.component.annotations.Reference List<Signer> signers,
            @org.osgi.service.component.annotations.Reference List<Verifier> verifiers) {
        this.signers = signers;
        this.verifiers = verifiers;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return USAGE;
    }

    @CommandLine.Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = "Creates a key pair: NAME.pub for readers, and NAME.sec to keep secret.")
    int create(
            @Parameters(
                            paramLabel = "NAME",
                            description = "Path of the two files, without .pub and .sec")
                    Path name,
            @Option(
                            names = "--comment",
                            paramLabel = "TEXT",
                            description = "Whose key it is (default: the last part of NAME)")
                    @Nullable String comment,
            @Option(names = "--encrypt", description = "Encrypt the secret key by a passphrase")
                    boolean encrypt,
            @Option(
                            names = "--passphrase-file",
                            paramLabel = "FILE",
                            description = "The passphrase (default: asked at the terminal)")
                    @Nullable Path passphrase)
            throws IOException {
        if (signers.isEmpty()) {
            throw new IOException(
                    "no signature scheme is installed; install the feature trust-signify");
        }
        Path last = name.getFileName();
        Path publicFile = name.resolveSibling(last + ".pub");
        Path secretFile = name.resolveSibling(last + ".sec");
        for (Path file : List.of(publicFile, secretFile)) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(file + " exists; choose another name, or delete it first");
            }
        }
        char[] phrase =
                encrypt || passphrase != null
                        ? SecretKeys.passphrase(passphrase).ask(secretFile.toString())
                        : null;
        Signer.KeyFiles files =
                signers.getFirst().create(comment == null ? String.valueOf(last) : comment, phrase);
        if (phrase != null) {
            Arrays.fill(phrase, '\0');
        }
        AtomicFile.write(secretFile, bytes(files.secretKey()), PrivateDirectory.ownersFile());
        AtomicFile.write(publicFile, bytes(files.publicKey()));
        System.out.println("public   " + publicFile);
        System.out.println("secret   " + secretFile);
        print(publicFile.toString(), files.publicKey());
        return OK;
    }

    private static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    @CommandLine.Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a public key: its id, and the one line by which it is trusted.")
    int show(
            @Parameters(
                            paramLabel = "FILE",
                            description = "The public key; of a secret one, NAME.pub beside it")
                    Path file)
            throws IOException {
        print(file.toString(), SmallFile.text(file, LONGEST_FILE));
        return OK;
    }

    private void print(String name, String text) throws IOException {
        PublicKey key =
                verifiers.stream()
                        .map(verifier -> verifier.key(text))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                name
                                                        + " is not a public key of an installed"
                                                        + " signature scheme"));
        System.out.println("scheme   " + key.scheme());
        System.out.println("id       " + key.id());
        System.out.println("key      " + key.text());
    }
}

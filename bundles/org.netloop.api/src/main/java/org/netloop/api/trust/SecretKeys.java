package org.netloop.api.trust;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.SmallFile;
import org.netloop.api.transport.FetchException;

import java.io.Console;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Secret keys out of files, as commands take them. Stateless. */
public final class SecretKeys {
    private static final int LONGEST_FILE = 64 << 10;

    private SecretKeys() {}

    /**
     * Creates the signing with the keys of some files.
     *
     * @param signers the schemes there are
     * @param files at least one; all of one scheme
     * @param validity as {@link Signing#validity}
     * @param repository as {@link Signing#repository}
     * @throws FetchException.Unsupported if no scheme is installed
     * @throws IOException if a file cannot be read, or is not a secret key of an installed scheme
     */
    public static Signing signing(
            List<Signer> signers,
            List<Path> files,
            Signer.Passphrase passphrase,
            Duration validity,
            String repository)
            throws IOException {
        if (signers.isEmpty()) {
            throw new FetchException.Unsupported(
                    "nothing signs: no signature scheme is installed; install the feature"
                            + " trust-signify");
        }
        IOException first = null;
        for (Signer signer : signers) {
            try {
                List<SecretKey> keys = new ArrayList<>();
                for (Path file : files) {
                    keys.add(signer.read(file.toString(), text(file), passphrase));
                }
                return new Signing(signer, keys, validity, repository);
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("no secret key was named") : first;
    }

    private static String text(Path file) throws IOException {
        return SmallFile.text(file, LONGEST_FILE);
    }

    /**
     * Takes a passphrase out of the first line of a file, or asks for it at the terminal.
     *
     * @param file null to ask at the terminal
     */
    public static Signer.Passphrase passphrase(@Nullable Path file) {
        return name -> file == null ? asked(name) : firstLine(file);
    }

    private static char[] firstLine(Path file) throws IOException {
        String text = text(file);
        int end = text.indexOf('\n');
        CharBuffer line = CharBuffer.wrap(end < 0 ? text : text.substring(0, end));
        char[] passphrase = new char[line.remaining()];
        line.get(passphrase);
        return passphrase;
    }

    private static char[] asked(String name) throws IOException {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new IOException(
                    "the secret key "
                            + name
                            + " is encrypted, and there is no terminal to ask for its passphrase:"
                            + " name a file with it by --passphrase-file");
        }
        char[] passphrase = console.readPassword("Passphrase of %s: ", name);
        if (passphrase == null) {
            throw new IOException("no passphrase was entered for " + name);
        }
        return passphrase;
    }
}

package org.netloop.frontend.nbd;

import org.netloop.api.tls.Authorities;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/** Authorities and certificates for tests, made by openssl in a directory of theirs. */
final class Certificates {
    private final Path directory;

    Certificates(Path directory) {
        Machine.needsProgram("openssl");
        this.directory = directory;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Makes {@code NAME.pem} and {@code NAME.key} of an authority. */
    Certificates authority(String name) throws IOException, InterruptedException {
        return authority(name, name);
    }

    /** Makes one that goes by another name than its files. */
    Certificates authority(String name, String subject) throws IOException, InterruptedException {
        openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout",
                name + ".key",
                "-out",
                name + ".pem",
                "-subj",
                "/CN=" + subject);
        return this;
    }

    /** Makes {@code NAME.pem} and {@code NAME.key}, signed by an authority. */
    Certificates signed(String name, String authority, String alternatives, int days)
            throws IOException, InterruptedException {
        openssl(
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout",
                name + ".key",
                "-out",
                name + ".csr",
                "-subj",
                "/O=netloop/CN=" + name,
                "-addext",
                "subjectAltName=" + alternatives);
        openssl(
                "x509 -req -copy_extensions copy -CAcreateserial -in",
                name + ".csr",
                "-CA",
                authority + ".pem",
                "-CAkey",
                authority + ".key",
                "-days",
                String.valueOf(days),
                "-out",
                name + ".pem");
        return this;
    }

    /** Runs it in the directory; the first of the words may be several. */
    void openssl(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words[0].split(" ")));
        command.addAll(List.of(words).subList(1, words.length));
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("openssl.log").toFile())
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(Files.readString(directory.resolve("openssl.log")));
        }
    }

    /** The side of a client that trusts one authority, without a certificate. */
    SSLContext client(String authority) throws IOException {
        return Authorities.read(file(authority + ".pem")).context();
    }

    /** The side of a client with a certificate. */
    SSLContext client(String authority, String own) throws IOException, GeneralSecurityException {
        return Credentials.read(
                        new TlsSettings.Files(file(own + ".pem"), file(own + ".key"), null, null))
                .context(Authorities.read(file(authority + ".pem")));
    }
}

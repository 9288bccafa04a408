package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.tck.Machine;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Clients of others, over GnuTLS. */
@Timeout(120)
class TlsClientsTest {
    private static final int SIZE = 4 << 20;

    @TempDir Path directory;

    private final NbdFrontend frontend = new NbdFrontend(16 << 20, 8);
    private final MemoryVolume volume =
            MemoryVolume.generated("root", SIZE, 4096, block -> block % 4 == 1);
    private String uri = "";
    private String said = "";

    @BeforeEach
    void serve() throws Exception {
        Certificates certificates =
                new Certificates(directory)
                        .authority("ca")
                        .signed("server", "ca", "IP:127.0.0.1,DNS:localhost", 2)
                        .signed("alice", "ca", "DNS:alice", 2);
        Map<String, String> options = new HashMap<>();
        options.put("tls.certificate", certificates.file("server.pem").toString());
        options.put("tls.key", certificates.file("server.key").toString());
        options.put("tls.client.authorities", certificates.file("ca.pem").toString());
        options.put("tls.clients", "cn:alice");
        uri = frontend.attach(volume, new AttachmentSpec("tcp://127.0.0.1:0", options)).address();
        Path own = Files.createDirectory(directory.resolve("own"));
        Path nobody = Files.createDirectory(directory.resolve("nobody"));
        for (Path each : new Path[] {own, nobody}) {
            Files.copy(certificates.file("ca.pem"), each.resolve("ca-cert.pem"));
        }
        Files.copy(certificates.file("alice.pem"), own.resolve("client-cert.pem"));
        Files.copy(certificates.file("alice.key"), own.resolve("client-key.pem"));
    }

    @AfterEach
    void detach() {
        frontend.stop();
    }

    private String uri(String who) {
        return uri + "?tls-certificates=" + directory.resolve(who);
    }

    private int port() {
        return URI.create(uri).getPort();
    }

    private int run(String... command) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            said = Files.readString(output);
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void libnbdReadsWhatIsThere() throws Exception {
        Machine.needsProgram("nbdcopy");
        Path copy = directory.resolve("copy");
        assertThat(uri).startsWith("nbds://127.0.0.1:");
        assertThat(run("nbdinfo", uri("own"))).as(said).isZero();
        assertThat(said).contains("with TLS").contains("base:allocation");
        assertThat(run("nbdcopy", "--connections=4", uri("own"), copy.toString())).isZero();
        assertThat(Files.readAllBytes(copy)).isEqualTo(volume.expected(0, SIZE));
    }

    @Test
    void libnbdWithoutACertificateIsRefused() throws Exception {
        Machine.needsProgram("nbdinfo");
        assertThat(run("nbdinfo", uri("nobody"))).isNotZero();
        assertThat(run("nbdinfo", uri.replace("nbds:", "nbd:"))).isNotZero();
        assertThat(said).contains("TLS");
    }

    @Test
    void qemuReadsWhatIsThere() throws Exception {
        Machine.needsProgram("qemu-img");
        Path copy = directory.resolve("copy");
        assertThat(
                        run(
                                "qemu-img",
                                "convert",
                                "--object",
                                "tls-creds-x509,id=tls0,endpoint=client,dir="
                                        + directory.resolve("own"),
                                "--image-opts",
                                "driver=nbd,server.type=inet,server.host=127.0.0.1,server.port="
                                        + port()
                                        + ",export=root,tls-creds=tls0",
                                "-O",
                                "raw",
                                copy.toString()))
                .as(said)
                .isZero();
        assertThat(Files.readAllBytes(copy)).isEqualTo(volume.expected(0, SIZE));
    }

    @Test
    void nbdkitPassesItOn() throws Exception {
        Machine.needsProgram("nbdkit");
        Path copy = directory.resolve("copy");
        assertThat(
                        run(
                                "nbdkit",
                                "-U",
                                "-",
                                "nbd",
                                "hostname=127.0.0.1",
                                "port=" + port(),
                                "export=root",
                                "tls=require",
                                "tls-certificates=" + directory.resolve("own"),
                                "--run",
                                "nbdcopy \"$uri\" " + copy))
                .as(said)
                .isZero();
        assertThat(Files.readAllBytes(copy)).isEqualTo(volume.expected(0, SIZE));
    }
}

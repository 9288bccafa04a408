package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code netloop run}, as a service manager runs it. */
final class RunTest extends RuntimeTest {
    private static final String LISTENER =
            """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            print("listening", flush=True)
            while True:
                print(s.recv(4096).decode(), flush=True)
            """;

    @Test
    void whatIsConfiguredIsAttachedToldToTheServiceManagerAndDetached()
            throws IOException, InterruptedException {
        Machine.needsFuse();
        Path image = Images.of("squashfs");
        Nginx server = published(image);
        Path socket = at("socket");
        Files.writeString(directory("conf").resolve("root.json"), configuration(server, socket));
        Path notify = at("notify");
        Program manager =
                start("/usr/bin/python3", "-c", LISTENER, notify.toString())
                        .awaitOutput("listening");

        Program service =
                netloop(
                        Map.of("NOTIFY_SOCKET", notify.toString()),
                        Path.of("/dev/null"),
                        "run",
                        at("conf").toString(),
                        "--state",
                        at("state").toString(),
                        "--ready-within",
                        "120");
        manager.awaitOutput("READY=1");
        manager.awaitOutput("WATCHDOG=1\nSTATUS=");
        assertSame(image, at("mnt/root.img"));
        run("nbdcopy", nbd(socket), at("copy").toString());
        assertSame(image, at("copy"));
        assertThat(Files.readString(at("mnt/root.status")))
                .contains("netloop_volume_failed_reads{volume=\"root\"} 0");
        run("ls", at("mnt/root").toString());

        assertThat(service.terminate().end().exit()).isZero();
        assertThat(mounts()).isEmpty();
        assertNoLoopDeviceIsLeft();
        assertThat(socket).doesNotExist();
        assertThat(at("cache")).isNotEmptyDirectory();
    }

    private String configuration(Nginx server, Path socket) {
        return """
        {
          "org.netloop.volume~root":
            {"name": "root", "reference": "REF", "mirrors": ["REF"], "patience.ms": 20000},
          "org.netloop.attachment~root-nbd":
            {"volume": "root", "frontend": "nbd", "place": "unix:SOCKET"},
          "org.netloop.attachment~root-fuse":
            {"volume": "root", "frontend": "fuse", "place": "MOUNT", "options": ["loop=true"]},
          "org.netloop.cache.disk": {"directory": "CACHE", "budget.mib": 100}
        }
        """
                .replace("REF", server.uri())
                .replace("SOCKET", socket.toString())
                .replace("MOUNT", at("mnt").toString())
                .replace("CACHE", at("cache").toString());
    }

    @Test
    void aDirectoryWithoutConfigurationFailsAndSaysSo() throws IOException, InterruptedException {
        Program.Ended ended = netloop("run", directory("conf").toString()).end();
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains(at("conf") + " has no configuration");
    }
}

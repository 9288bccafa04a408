package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Changes of a running deployment that are there again after it was restarted, or killed. */
final class LastingChangesTest extends RuntimeTest {
    private static final String PLUGIN = "com.example.bad";

    private Program service() throws IOException {
        Program service =
                netloop(
                        Map.of("NETLOOP_FEATURES", "nbd-gateway"),
                        Path.of("/dev/null"),
                        "run",
                        at("conf").toString(),
                        "--state",
                        at("state").toString(),
                        "--keep",
                        at("kept").toString());
        Await.until(
                "it answers: " + service.err(),
                Duration.ofSeconds(120),
                () -> {
                    try {
                        return ask(Map.of("do", "verb.ls")).get("ok") == Boolean.TRUE;
                    } catch (IOException _) {
                        return false;
                    }
                });
        return service;
    }

    private Map<String, Object> ask(Map<String, ?> request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(at("state/control.sock")));
            String line = JSON.std.asString(request) + "\n";
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            BufferedReader reader =
                    new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            String answer = reader.readLine();
            if (answer == null) {
                throw new IOException("no answer");
            }
            return JSON.std.mapFrom(answer);
        }
    }

    private void change(String verb, String member, Object value) throws IOException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("do", verb);
        request.put(member, value);
        assertThat(ask(request)).containsEntry("ok", true);
    }

    private void patience(int milliseconds) throws IOException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("do", "volume.set");
        request.put("volume", "root");
        request.put("set", Map.of("patience.ms", String.valueOf(milliseconds)));
        assertThat(ask(request)).containsEntry("ok", true);
    }

    /** The state of bundles and features, and the files of the configuration. */
    private Map<String, Object> shape() throws IOException {
        Map<String, Object> shape = new TreeMap<>();
        for (Map<?, ?> row : rows("bundle.ls", "bundles")) {
            shape.put(row.get("name") + " " + row.get("version"), row.get("state"));
        }
        for (Map<?, ?> row : rows("feature.ls", "features")) {
            shape.put("feature " + row.get("name"), row.get("state"));
        }
        shape.put("configuration", Files.readString(at("conf/root.json")));
        shape.put("kept", ask(Map.of("do", "bundle.ls")).get("changes"));
        shape.put("history", rows("config.history", "snapshots").getLast().get("snapshot"));
        return shape;
    }

    private List<Map<?, ?>> rows(String verb, String member) throws IOException {
        List<Map<?, ?>> rows = new ArrayList<>();
        for (Object row : (List<?>) Objects.requireNonNull(ask(Map.of("do", verb)).get(member))) {
            rows.add((Map<?, ?>) row);
        }
        return rows;
    }

    private Program restarted(Program service, boolean killed)
            throws IOException, InterruptedException {
        Map<String, Object> before = shape();
        if (killed) {
            service.kill();
        } else {
            assertThat(service.terminate().end().exit()).isZero();
        }
        Program next = service();
        assertThat(shape()).isEqualTo(before);
        return next;
    }

    @Test
    void aDeploymentChangedFortyTimesIsAsItWasLeft() throws IOException, InterruptedException {
        Path repository = repository(Images.of("squashfs"));
        Files.writeString(
                directory("conf").resolve("root.json"),
                "{\"org.netloop.volume~root\": {\"name\": \"root\", \"reference\": \"%s\"}}"
                        .formatted(repository.toUri()));
        String body =
                "public java.util.List<org.netloop.api.health.Finding> check()"
                        + " { return java.util.List.of(); }";
        Path old =
                new PluginJar("health.HealthCheck")
                        .property("netloop.health", "bad")
                        .write(runtime(), at("old.jar"), body);
        Path fresh =
                new PluginJar("health.HealthCheck")
                        .property("netloop.health", "bad")
                        .version("1.1.0")
                        .write(runtime(), at("fresh.jar"), body);
        Program service = service();
        changeMuch(old, fresh);
        service = restarted(service, true);
        assertThat(shape())
                .containsEntry(PLUGIN + " 1.1.0", "active")
                .containsEntry("feature codec-compress", "active")
                .containsEntry("feature format-raw", "absent")
                .hasEntrySatisfying(
                        "kept", kept -> assertThat(String.valueOf(kept)).contains(fresh + ""));
        assertThat(shape().keySet()).anyMatch(key -> key.startsWith("org.netloop.codec.zlib"));

        goBack();
        service = restarted(service, false);
        assertThat(service.terminate().end().exit()).isZero();
    }

    private void goBack() throws IOException {
        change("feature.remove", "feature", "codec-compress");
        change("bundle.start", "bundle", "org.netloop.mirror");
        change("config.rollback", "snapshot", 6);
        assertThat(Files.readString(at("conf/root.json"))).contains("20005");
        assertThat(ask(Map.of("do", "config.diff", "snapshot", 13)).get("lines"))
                .asString()
                .contains("+ org.netloop.volume~root patience.ms = 20005");
        Map<String, Object> refused =
                ask(Map.of("do", "feature.remove", "feature", "transport-file"));
        assertThat(refused).containsEntry("ok", false);
        assertThat(refused.get("error")).asString().contains("no transport reads file:");
    }

    private void changeMuch(Path old, Path fresh) throws IOException {
        for (int i = 1; i <= 12; i++) {
            patience(20_000 + i);
        }
        for (int i = 0; i < 3; i++) {
            change("bundle.install", "file", old.toString());
            change("bundle.update", "file", fresh.toString());
            change("bundle.rollback", "bundle", PLUGIN);
            change("feature.add", "feature", "format-raw");
            change("feature.remove", "feature", "format-raw");
            change("bundle.uninstall", "bundle", PLUGIN);
        }
        change("bundle.install", "file", old.toString());
        change("bundle.update", "file", fresh.toString());
        change("bundle.stop", "bundle", "org.netloop.mirror");
        change("bundle.uninstall", "bundle", "org.netloop.codec.zlib");
        change("feature.add", "feature", "codec-compress");
        change("feature.add", "feature", "format-cloop");
    }
}

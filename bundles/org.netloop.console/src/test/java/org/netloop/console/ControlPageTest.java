package org.netloop.console;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Changes through the page, by friends and by others. */
@Timeout(120)
class ControlPageTest {
    private static final String TOKEN = "0123456789abcdef";
    private static final String CHANGE =
            "{\"do\":\"mirror.add\",\"volume\":\"root\",\"uri\":\"http://a/\"}";

    @TempDir private Path directory;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Console console;

    @BeforeEach
    void start() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), TOKEN);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        console = console(file);
        console.control(
                (verb, members) -> {
                    asked.add(verb + " " + members);
                    if (verb.equals("bundle.stop")) {
                        throw new IOException("it is needed");
                    }
                    return Map.of("message", "done");
                });
    }

    private static Console console(@Nullable Path file) throws IOException {
        Console console =
                new Console(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new String[0],
                        file,
                        List::of,
                        List::of);
        console.start();
        return console;
    }

    @AfterEach
    void stop() {
        console.stop();
    }

    private String send(String request, String body, String... headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.port())) {
            List<String> lines = new ArrayList<>(List.of(request + " HTTP/1.1"));
            lines.addAll(List.of(headers));
            lines.add("Connection: close");
            if (!body.isEmpty()) {
                lines.add("Content-Length: " + body.length());
            }
            String text = String.join("\r\n", lines) + "\r\n\r\n" + body;
            socket.getOutputStream().write(text.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private String change(String body, String token, String... more) throws IOException {
        List<String> headers =
                new ArrayList<>(
                        List.of(
                                "Host: 127.0.0.1:" + console.port(),
                                "Netloop-Token: " + token,
                                "Content-Type: application/json"));
        headers.addAll(List.of(more));
        return send("POST /control", body, headers.toArray(String[]::new));
    }

    @Test
    void whoHasTheTokenChangesSomething() throws IOException {
        assertThat(change(CHANGE, TOKEN, "Origin: http://127.0.0.1:" + console.port()))
                .startsWith("HTTP/1.1 200")
                .endsWith("{\"ok\":true,\"message\":\"done\"}");
        assertThat(asked).containsExactly("mirror.add {volume=root, uri=http://a/}");
        assertThat(change("{\"do\":\"bundle.stop\",\"bundle\":\"x\"}", TOKEN))
                .endsWith("{\"ok\":false,\"error\":\"it is needed\"}");
    }

    @Test
    void wrongTokensAreAnsweredAFewTimesOnly() throws IOException {
        for (int i = 0; i < Tries.FREE; i++) {
            assertThat(change(CHANGE, "0123456789abcde" + i))
                    .startsWith("HTTP/1.1 403")
                    .doesNotContain("0123456789");
        }
        assertThat(change(CHANGE, "0123456789abcdefg"))
                .startsWith("HTTP/1.1 429")
                .containsIgnoringCase("Retry-After: 3");
        assertThat(asked).isEmpty();
        assertThat(change(CHANGE, TOKEN))
                .as("all users of this machine have one address")
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void noOtherSiteChangesAnything() throws IOException {
        String own = "Host: 127.0.0.1:" + console.port();
        String token = "Netloop-Token: " + TOKEN;
        String json = "Content-Type: application/json";
        assertThat(send("POST /control", CHANGE, "Host: evil.example", token, json))
                .startsWith("HTTP/1.1 403");
        assertThat(change(CHANGE, TOKEN, "Origin: http://evil.example")).startsWith("HTTP/1.1 403");
        assertThat(change(CHANGE, TOKEN, "Origin: null")).startsWith("HTTP/1.1 403");
        assertThat(change(CHANGE, TOKEN, "Sec-Fetch-Site: same-site")).startsWith("HTTP/1.1 403");
        assertThat(send("POST /control", CHANGE, own, json)).startsWith("HTTP/1.1 403");
        assertThat(send("POST /control?token=" + TOKEN, CHANGE, own, json))
                .startsWith("HTTP/1.1 403");
        assertThat(send("POST /control", CHANGE, own, token, "Content-Type: text/plain"))
                .startsWith("HTTP/1.1 415");
        assertThat(send("GET /control", "", own, token)).startsWith("HTTP/1.1 405");
        assertThat(send("OPTIONS /control", "", own)).startsWith("HTTP/1.1 405");
        assertThat(send("POST /map", "", own)).startsWith("HTTP/1.1 405");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{",
                "{\"do\":7}",
                "{\"do\":\"bundle.install\",\"file\":\"/a.jar\"}",
                "{\"do\":\"upgrade\",\"home\":\"/a\"}",
                "{\"do\":\"trace\",\"volume\":\"root\"}",
                "{\"do\":\"volume.follow.a/b\",\"what\":\"switch\"}",
                "{\"do\":\"volume.follow.root\",\"what\":\"switch\",\"and\":\"more\"}",
                "{\"do\":\"volume.set\",\"volume\":\"root\",\"set\":{\"health.command\":\"/bin/sh\"}}",
                "{\"do\":\"volume.set\",\"volume\":\"root\",\"set\":{\"trust\":\"none\"}}",
                "{\"do\":\"mirror.add\",\"volume\":\"root\",\"uri\":{\"a\":\"b\"}}"
            })
    void whatThePageDoesNotAskIsRefused(String body) throws IOException {
        assertThat(change(body, TOKEN)).startsWith("HTTP/1.1 400");
        assertThat(asked).isEmpty();
    }

    @Test
    void aLongBodyIsNotRead() throws IOException {
        String filler = " ".repeat(20_000);
        assertThat(change(filler + CHANGE, TOKEN)).startsWith("HTTP/1.1 400");
        assertThat(asked).isEmpty();
    }

    @Test
    void withoutATokenFileItIsReadOnly() throws IOException {
        Console other = console(null);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), other.port())) {
            String request =
                    "POST /control HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 403")
                    .contains("read-only");
        } finally {
            other.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/map?volume=root&cells=80, 200",
        "/map?volume=root&cells=80&cells=80&volume=b&offset=1&length=2, 400",
        "/map?volume=..%2f, 400",
        "/map?volume=, 400",
        "/map?other=1, 400",
        "/map?token=a, 400",
        "/bundles, 200",
        "/bundles?a=b, 400"
    })
    void aQuestionHasItsOwnParametersOnly(String path, int code) throws IOException {
        assertThat(send("GET " + path, "", "Host: localhost")).startsWith("HTTP/1.1 " + code);
        assertThat(asked).hasSize(code == 200 ? 1 : 0);
    }
}

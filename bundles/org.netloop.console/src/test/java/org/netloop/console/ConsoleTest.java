package org.netloop.console;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.health.Finding;
import org.netloop.api.health.Health;
import org.netloop.api.health.HealthStatus;
import org.netloop.api.status.Measures;
import org.netloop.api.status.Report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Answers and refusals of the console. */
@Timeout(60)
class ConsoleTest {
    private static final String PASSWORD = "hunter2-is-secret";

    private final List<Finding> findings = new ArrayList<>();
    private Console console;

    @BeforeEach
    void start() throws IOException {
        Health health = () -> List.of(new Health.Outcome("volumes", "b", List.copyOf(findings)));
        Measures measures =
                new Measures(Map.of("mirror", "http://me:" + PASSWORD + "@mirror.example/"))
                        .counter("netloop_mirror_fetches", "", "Fetches.", 12);
        Report report = Report.of(new Report.Part("volume", "root"), measures.list());
        console =
                new Console(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new String[] {"Monitor.example"},
                        null,
                        () -> List.of(report),
                        health);
        console.start();
    }

    @AfterEach
    void stop() {
        console.stop();
    }

    /** Sends lines, and returns all that comes until the server closes. */
    private String ask(String... lines) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.port())) {
            String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1", "Host: 127.0.0.1:" + console.port());
    }

    @Test
    void metricsHaveMeasuresStatesAndHealth() throws IOException {
        assertThat(get("/metrics"))
                .startsWith("HTTP/1.1 200")
                .contains(
                        "version=0.0.4",
                        "netloop_mirror_fetches_total{mirror=",
                        "netloop_part_state{kind=\"volume\",name=\"root\",state=\"GOOD\"} 1.0\n",
                        "netloop_health_status{check=\"volumes\",status=\"OK\"} 1.0\n",
                        "netloop_process_memory_used_bytes{area=\"heap\"} ")
                .doesNotContain(PASSWORD);
        assertThat(
                        ask(
                                "GET /metrics HTTP/1.1",
                                "Host: localhost",
                                "Accept: application/openmetrics-text;version=1.0.0,text/plain"))
                .contains("application/openmetrics-text")
                .endsWith("# EOF\n");
    }

    @Test
    void readinessIsTheWorstThatServes() throws IOException {
        assertThat(get("/health/live")).startsWith("HTTP/1.1 200").endsWith("\nlive\n");
        assertThat(get("/health/ready")).startsWith("HTTP/1.1 200").endsWith("\nOK\n");
        findings.add(new Finding(HealthStatus.WARN, "clock", "it jumped", "set it"));
        assertThat(get("/health/ready"))
                .startsWith("HTTP/1.1 200")
                .endsWith("\nWARN\nWARN clock: it jumped; set it\n");
        findings.add(
                new Finding(HealthStatus.TEMPORARILY_UNAVAILABLE, "volume a", "no mirror", "wait"));
        assertThat(get("/health/ready"))
                .startsWith("HTTP/1.1 503")
                .contains("\nTEMPORARILY_UNAVAILABLE\n");
        assertThat(get("/health/live")).startsWith("HTTP/1.1 200");
    }

    @Test
    void whoeverUsesAForeignNameOrPageIsRefused() throws IOException {
        String get = "GET /metrics HTTP/1.1";
        String own = "Host: 127.0.0.1:" + console.port();
        assertThat(ask(get, "Host: evil.example")).startsWith("HTTP/1.1 403");
        assertThat(ask(get, "Host: 127.0.0.1.evil.example")).startsWith("HTTP/1.1 403");
        assertThat(ask(get, own, "Host: evil.example")).startsWith("HTTP/1.1 403");
        assertThat(ask(get, own, "Origin: http://evil.example")).startsWith("HTTP/1.1 403");
        assertThat(ask(get, own, "Origin: null")).startsWith("HTTP/1.1 403");
        assertThat(ask(get, own, "Sec-Fetch-Site: cross-site")).startsWith("HTTP/1.1 403");
        assertThat(ask(get, "Host: monitor.EXAMPLE:9639")).startsWith("HTTP/1.1 200");
    }

    @Test
    void thePageNeedsNothingFromElsewhere() throws IOException {
        String page = get("/");
        assertThat(page)
                .startsWith("HTTP/1.1 200")
                .contains("script-src 'self'", "<script src=\"page.js\" defer></script>")
                .doesNotContain("http://", "https://", "<style", "onload=");
        assertThat(get("/page.css")).contains("text/css", "prefers-color-scheme: dark");
        for (String script : List.of("/page.js", "/map.js", "/changes.js")) {
            assertThat(get(script))
                    .contains("text/javascript")
                    .doesNotContain(
                            "https://", "innerHTML", "eval(", "localStorage", "sessionStorage");
        }
    }

    @Test
    void eventsHaveHealthAndParts() throws IOException {
        findings.add(new Finding(HealthStatus.WARN, "clock", "says \"1970\"", "set it"));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.port())) {
            socket.getOutputStream()
                    .write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            assertThat(lines.lines().filter(line -> line.startsWith("data: ")).findFirst())
                    .hasValueSatisfying(
                            event ->
                                    assertThat(event)
                                            .contains(
                                                    "\"kind\":\"volume\",\"name\":\"root\"",
                                                    "clock: says \\\"1970\\\"; set it",
                                                    "\"value\":12}")
                                            .doesNotContain(PASSWORD));
        }
    }

    @Test
    void tooManyStreamsAreRefusedAndTheRestIsAnswered() throws IOException {
        List<Socket> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.port());
                streams.add(socket);
                socket.getOutputStream()
                        .write(
                                "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                        .getBytes(US_ASCII));
                assertThat(socket.getInputStream().readNBytes(12))
                        .asString(US_ASCII)
                        .endsWith("200");
            }
            assertThat(get("/events")).startsWith("HTTP/1.1 503").contains("too many pages");
            assertThat(get("/health/live")).startsWith("HTTP/1.1 200");
        } finally {
            for (Socket socket : streams) {
                socket.close();
            }
        }
    }

    @Test
    void onlyReadingIsAnswered() throws IOException {
        String own = "Host: 127.0.0.1:" + console.port();
        assertThat(ask("DELETE /metrics HTTP/1.1", own)).startsWith("HTTP/1.1 405");
        assertThat(ask("POST /metrics HTTP/1.1", own, "Content-Length: 9999999"))
                .startsWith("HTTP/1.1 403");
        assertThat(ask("HEAD /health/live HTTP/1.1", own))
                .contains("Content-Length: 5\r\n".replace("Content-Length", "Content-length"))
                .endsWith("\r\n\r\n");
        for (String path : List.of("/metrics/", "/health/../metrics", "/..%2f..%2fetc/passwd")) {
            assertThat(get(path)).startsWith("HTTP/1.1 404");
        }
    }
}

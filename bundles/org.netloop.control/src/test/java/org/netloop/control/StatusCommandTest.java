package org.netloop.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The screen of {@code netloop status}, and its exit codes. */
class StatusCommandTest {

    @Test
    void theExitCodeIsThatOfTheWorst() {
        assertThat(StatusCommand.exitCode("OK")).isZero();
        assertThat(StatusCommand.exitCode("WARN")).isEqualTo(4);
        assertThat(StatusCommand.exitCode("TEMPORARILY_UNAVAILABLE")).isEqualTo(5);
        assertThat(StatusCommand.exitCode("CRITICAL")).isEqualTo(6);
        assertThat(StatusCommand.exitCode("ON_FIRE")).isEqualTo(6);
    }

    private static Map<String, Object> jumpedClock() {
        return Map.of(
                "status",
                "TEMPORARILY_UNAVAILABLE",
                "checks",
                List.of(
                        Map.of(
                                "findings",
                                List.of(
                                        Map.of(
                                                "status", "WARN",
                                                "subject", "clock",
                                                "message", "it jumped",
                                                "advice", "set it")))));
    }

    @Test
    void theScreenHasWhatIsWrongFirst() {
        Map<String, Object> volume =
                Map.of(
                        "kind", "volume",
                        "name", "root",
                        "state", "GOOD",
                        "measures",
                                List.of(
                                        measure("netloop_volume_reads", Map.of(), 12),
                                        measure(
                                                "netloop_mirror_failures",
                                                Map.of("mirror", "http://new/"),
                                                3),
                                        measure(
                                                "netloop_mirror_latency_seconds",
                                                Map.of("mirror", "http://a/"),
                                                0.0125)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8))
                .print(jumpedClock(), new Status(Map.of("parts", List.of(volume))));
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .startsWith("HEALTH  temporarily unavailable\n  warn  clock: it jumped; set it\n")
                .containsPattern("root +good +12")
                .containsPattern("http://new/ +root +- +3")
                .containsPattern("http://a/ +root +12\\.5 ms")
                .doesNotContain("CACHE");
    }

    @Test
    void aVolumeThatIsNotThereIsRefusedWithTheNamesOfTheOthers() throws Exception {
        Status status =
                new Status(Map.of("parts", List.of(Map.of("kind", "volume", "name", "root"))));
        assertThat(status.volume("root").name()).isEqualTo("root");
        assertThatThrownBy(() -> status.volume("rot"))
                .hasMessage("no volume is called 'rot'; there are root");
    }

    private static Map<String, Object> measure(String name, Map<String, ?> labels, Number value) {
        return Map.of("name", name, "labels", labels, "value", value);
    }
}

package org.netloop.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

class ProcessLogTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    private final ProcessLog log =
            new ProcessLog(
                    Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC),
                    () -> 0,
                    () -> out);
    private final Logger logger = log.getLogger("org.netloop.engine.Opener");

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void anEventIsALineWithTimeLevelAndName() {
        logger.warn("volume {} has {} mirrors", "root", 2);
        logger.info("nobody asked");

        assertThat(text())
                .isEqualTo("2026-01-02T03:04:05.678Z WARN Opener - volume root has 2 mirrors\n");
    }

    @Test
    void theLastWarningsAreRememberedWithoutSecrets() {
        log.setThreshold("info");
        logger.info("not this");
        logger.error("it ended", new NullPointerException("a"));
        for (int i = 0; i < RecentLines.MOST; i++) {
            log.getLogger("a.B" + i).warn("http://me:s3cret@h/{}", "x".repeat(2000));
        }
        List<Map<String, String>> lines = log.recent().get();
        assertThat(lines).hasSize(RecentLines.MOST);
        assertThat(lines.getFirst())
                .containsEntry("time", "2026-01-02T03:04:05.678Z")
                .containsEntry("level", "WARN")
                .containsEntry("logger", "B99");
        assertThat(lines.getLast()).containsEntry("logger", "B0");
        assertThat(lines.getFirst().get("message"))
                .startsWith("http://h/xx")
                .hasSize(RecentLines.LONGEST + 1)
                .endsWith("…");
    }

    @Test
    void eachLineForTheJournalHasItsPriority() {
        log.setForm(LineForm.JOURNAL);
        logger.warn("volume {} has {} mirrors", "root", 2);
        logger.error("it ended", new NullPointerException("a"));

        assertThat(text().lines().toList())
                .startsWith("<4>WARN Opener - volume root has 2 mirrors")
                .anyMatch(line -> line.startsWith("<3>ERROR Opener - it ended"))
                .allMatch(line -> line.matches("<[34]>.*"))
                .anyMatch(line -> line.startsWith("<3>\tat "));
    }

    @Test
    void anEventInJsonIsOneLine() {
        log.setForm(LineForm.JSON_LINES);
        logger.warn("export \"{}\" of http://me:s3cret@h/", "x\ny");
        logger.error("it ended", new NullPointerException("a"));

        assertThat(text().lines())
                .hasSize(2)
                .first()
                .isEqualTo(
                        "{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"WARN\","
                                + "\"logger\":\"Opener\",\"message\":"
                                + "\"export \\\"x\\\\ny\\\" of http://h/\"}");
        assertThat(text().lines().toList().getLast()).contains("\"trace\":[\"java.lang.Null");
    }

    @Test
    void theJournalIsKnownByItsSocketUnlessAnotherFormIsAskedFor(@TempDir Path directory)
            throws IOException {
        Path file = Files.createFile(directory.resolve("stderr"));
        Map<String, String> journal =
                Map.of(
                        "JOURNAL_STREAM",
                        Files.getAttribute(file, "unix:dev")
                                + ":"
                                + Files.getAttribute(file, "unix:ino"));
        String[] none = {"run", "conf"};

        assertThat(LogFormat.choose(none, journal, file)).isEqualTo(LineForm.JOURNAL);
        assertThat(LogFormat.choose(none, journal, directory)).isEqualTo(LineForm.PLAIN);
        assertThat(LogFormat.choose(none, Map.of(), file)).isEqualTo(LineForm.PLAIN);
        assertThat(LogFormat.choose(none, Map.of("NETLOOP_LOG_FORMAT", "json"), file))
                .isEqualTo(LineForm.JSON_LINES);
        assertThat(LogFormat.choose(new String[] {"run", "--log-format=plain"}, journal, file))
                .isEqualTo(LineForm.PLAIN);
        assertThat(LogFormat.choose(new String[] {"run", "--log-format", "json"}, journal, file))
                .isEqualTo(LineForm.JSON_LINES);
    }

    @Test
    void aFormThatThereIsNotIsTold() {
        assertThat(LogFormat.wrong(Map.of("NETLOOP_LOG_FORMAT", "jsn")).orElseThrow())
                .contains("NETLOOP_LOG_FORMAT is 'jsn'", "json");
        assertThat(LogFormat.wrong(Map.of("NETLOOP_LOG_FORMAT", "JSON"))).isEmpty();
        assertThat(LogFormat.wrong(Map.of("NETLOOP_LOG_FORMAT", ""))).isEmpty();
        assertThat(LogFormat.wrong(Map.of())).isEmpty();
    }

    @Test
    void whatGoesOverTheWireIsWrittenAtNoLevel() {
        log.setThreshold("trace");
        Logger wire = log.getLogger("org.apache.hc.client5.http.wire");
        wire.debug(">> Bea");
        wire.debug(">> rer s3cret");

        assertThat(wire.isDebugEnabled()).isFalse();
        assertThat(text()).isEmpty();
    }

    @Test
    void textFromOutsideForgesNoLine() {
        logger.error("export '{}'", "x\n2026-01-01T00:00:00.000Z ERROR forged \u001b[2J");

        assertThat(text().lines()).hasSize(1);
        assertThat(text()).doesNotContain("\u001b").contains("\\n2026-01-01");
    }

    @Test
    void aFailureIsASentenceWithoutATrace() {
        logger.warn("cache {} is off", "c", new NoSuchFileException("/c\n/d"));

        assertThat(text()).endsWith("cache c is off: /c\\n/d does not exist\n");
    }

    @Test
    void aDefectHasItsTrace() {
        logger.error("it ended", new NullPointerException("a\nb"));

        assertThat(text()).contains("\tat " + ProcessLogTest.class.getName());
        assertThat(text().lines()).noneMatch(line -> line.startsWith("b"));
    }

    @Test
    void debuggingShowsTraces() {
        log.setThreshold("Debug");

        logger.debug("it ended", new NoSuchFileException("/a"));

        assertThat(text()).contains("DEBUG Opener - it ended: /a does not exist", "\tat ");
    }

    @Test
    void whatRepeatsIsCounted() {
        for (int i = 0; i < 50; i++) {
            logger.warn("mirror {} is slow", "a");
        }
        log.finish();

        assertThat(text().lines()).hasSize(2);
        assertThat(text()).contains("and 49 more like it", "the last: mirror a is slow");
    }

    @Test
    void theLogServiceOfTheFrameworkWritesThere() {
        new BundleLogger(logger).error("{} is missing", "a", new NoSuchFileException("/b"));
        new BundleLogger(logger).info("for developers of bundles");

        assertThat(text()).endsWith("ERROR Opener - a is missing: /b does not exist\n");
    }
}

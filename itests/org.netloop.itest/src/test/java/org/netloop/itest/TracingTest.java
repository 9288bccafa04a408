package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Reads of a running deployment that are traced, which must not disturb them. */
final class TracingTest extends RuntimeTest {
    @Test
    void theStagesOfSlowReadsAreShownAndNoReadFails() throws IOException, InterruptedException {
        Path image = Images.of("squashfs");
        Path place = at("nbd.sock");
        // Less memory than the image has blocks, so that reads go on waiting.
        Files.writeString(
                directory("conf").resolve("root.json"),
                """
                {
                  "org.netloop.volume~root": {"name": "root", "reference": "REF"},
                  "org.netloop.cache.memory.plain": {"budget.mib": 1},
                  "org.netloop.attachment~nbd":
                    {"volume": "root", "frontend": "nbd", "place": "unix:PLACE"}
                }
                """
                        .replace("REF", repository(image).toUri().toString())
                        .replace("PLACE", place.toString()));
        String state = at("state").toString();
        Program service = netloop("run", at("conf").toString(), "--state", state);
        Await.until(
                "it is attached: " + service.err(),
                Duration.ofSeconds(120),
                () -> Files.exists(place));
        try (NbdReader reader = new NbdReader(place, "root", image, 1)) {
            String traced =
                    netloop("trace", "root", "--for", "10s", "--state", state).end().well().out();
            assertThat(traced)
                    .containsPattern("[1-9][0-9]* reads had to wait in 10 s")
                    .containsPattern("ms +mirror +blocks/")
                    .containsPattern("ms +attempt +file:")
                    .containsPattern("ms +decode +blocks/")
                    .doesNotContain("(failed)");
            assertThat(reader.fault()).isNull();
        }
        assertThat(service.terminate().end().exit()).isZero();
    }
}

package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A reader keeps to the mirror of its site, leaves it when it dies, and comes back. */
final class SiteTest extends RuntimeTest {
    private static final Duration WITHIN = Duration.ofSeconds(120);

    /** Rate at which a block takes longer than any hedge would wait. */
    private static final String SLOW = "limit_rate 300k; ";

    private Nginx slow(Path repository) throws IOException {
        int port = Ports.free();
        String configuration = Nginx.configuration(at("slow"), repository, port);
        return kept(Nginx.start(at("slow"), configuration.replace("sendfile on;", SLOW), port));
    }

    private String configuration(Nginx distant, Nginx site) {
        return """
        {
          "org.netloop.volume~root":
            {"name": "root", "reference": "DISTANT", "mirrors": ["SITE"], "patience.ms": 60000,
             "prefetch": "none"},
          "org.netloop.mirror.site": {"mirrors": ["SITE"], "fallback.spread.s": 2},
          "org.netloop.cache.memory.plain": {"budget.mib": 1},
          "org.netloop.attachment~root":
            {"volume": "root", "frontend": "nbd", "place": "unix:SOCKET"}
        }
        """
                .replace("DISTANT", distant.uri())
                .replace("SITE", site.uri())
                .replace("SOCKET", at("socket").toString());
    }

    @Test
    void theSiteIsKeptToWhileItAnswersLeftWhenItDiesAndReturnedTo()
            throws IOException, InterruptedException {
        Path image = Images.random(64);
        Nginx distant = published(image);
        Nginx site = slow(repository(image));
        Files.writeString(directory("conf").resolve("root.json"), configuration(distant, site));
        Program service = netloop("run", at("conf").toString(), "--state", at("state").toString());
        Await.until("it is attached: " + service.err(), WITHIN, () -> Files.exists(at("socket")));

        try (NbdReader reader = new NbdReader(at("socket"), "root", image, 14)) {
            Await.until("it reads", WITHIN, () -> reader.reads() > 30 || isOver(reader));
            assertThat(reader.fault()).isNull();
            assertThat(distant.answers()).as("requests beyond the site").isEmpty();

            site.kill();
            Await.until(
                    "the distant mirror is asked",
                    WITHIN,
                    () -> distant.roughCount() > 20 || isOver(reader));
            assertThat(reader.fault()).isNull();

            site.restart();
            Await.until("it is back", WITHIN, () -> isBack(distant, reader) || isOver(reader));
            assertThat(reader.fault()).isNull();
        }
        assertThat(service.terminate().end().exit()).isZero();
    }

    private static boolean isOver(NbdReader reader) {
        return reader.fault() != null;
    }

    /** Returns whether so many reads come from the site that none would by chance. */
    private static boolean isBack(Nginx distant, NbdReader reader) throws IOException {
        int before = distant.answers().size();
        long reads = reader.reads();
        Await.until("it reads", WITHIN, () -> reader.reads() > reads + 10 || isOver(reader));
        return distant.answers().size() == before;
    }
}

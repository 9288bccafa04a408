package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

@Timeout(60)
class HealthCommandTest {
    private static final Digest IMAGE =
            Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(new byte[1]));

    private static Optional<String> run(Duration limit, String... command) throws Exception {
        return new HealthCommand(List.of(command), limit).run("root", IMAGE, limit);
    }

    private static Optional<String> sh(String script) throws Exception {
        return run(Duration.ofSeconds(30), "/bin/sh", "-c", script);
    }

    @Test
    void itIsToldTheVolumeAndTheImage() throws Exception {
        assertThat(sh("test $NETLOOP_VOLUME = root && test $NETLOOP_IMAGE = " + IMAGE)).isEmpty();
    }

    @Test
    void itIsNotToldWhatIsForThisProcessAlone() {
        Map<String, String> environment = new HashMap<>();
        for (String name :
                List.of(
                        "NOTIFY_SOCKET",
                        "WATCHDOG_PID",
                        "WATCHDOG_USEC",
                        "LISTEN_FDS",
                        "LISTEN_FDNAMES",
                        "FDSTORE",
                        "AWS_ACCESS_KEY_ID",
                        "AWS_SECRET_ACCESS_KEY",
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                        "NETLOOP_HTTP_CREDENTIALS",
                        "NETLOOP_PASSPHRASE",
                        "REGISTRY_PASSWORD",
                        "GITHUB_TOKEN",
                        "PATH",
                        "HOME",
                        "NETLOOP_FEATURES")) {
            environment.put(name, "any");
        }
        HealthCommand.withhold(environment);
        assertThat(environment).containsOnlyKeys("PATH", "HOME", "NETLOOP_FEATURES");
    }

    @Test
    void whatItSaysIsEscapedAndBounded() throws Exception {
        String wrong = sh("printf 'no \\033[2Jdisk\\n'; exit 3").orElseThrow();
        assertThat(wrong)
                .startsWith("it ended with 3: no ")
                .doesNotContain("\033")
                .doesNotContain("\n");
        assertThat(sh("head -c 10000000 /dev/zero | tr '\\0' x; exit 1").orElseThrow())
                .hasSizeBetween(500, 600);
    }

    @Test
    void itIsKilledWithItsChildrenWhenItsTimeIsOver() throws Exception {
        String[] endless = {"/bin/sh", "-c", "echo still; sleep 1000 & sleep 1000"};
        assertThat(run(Duration.ofMillis(300), endless).orElseThrow()).contains("in time");
    }

    @Test
    void aProgramThatIsNotThereIsNotHealthy() throws Exception {
        assertThat(run(Duration.ofSeconds(1), "/no/such/program").orElseThrow())
                .contains("cannot be run");
        assertThatThrownBy(() -> new HealthCommand(List.of("true"), Duration.ZERO))
                .hasMessageContaining("absolute path");
    }
}

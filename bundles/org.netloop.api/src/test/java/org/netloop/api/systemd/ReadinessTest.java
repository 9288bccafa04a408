package org.netloop.api.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Talking to a service manager. */
class ReadinessTest {
    @TempDir private Path directory;

    @Test
    void theWatchdogIsOfThisProcessOnly() {
        assertThat(Readiness.watchdog(Map.of(), 7)).isEmpty();
        assertThat(Readiness.watchdog(Map.of("WATCHDOG_USEC", "30000000"), 7))
                .contains(Duration.ofSeconds(30));
        assertThat(Readiness.watchdog(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "8"), 7))
                .isEmpty();
        assertThat(Readiness.watchdog(Map.of("WATCHDOG_USEC", "soon"), 7)).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSocketThatIsNotThereIsAFailure() {
        for (String path : new String[] {directory.resolve("none").toString(), "@netloop-none"}) {
            assertThatThrownBy(() -> NotifySocket.send(path, "READY=1", null))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("sendmsg failed with error");
        }
        assertThatThrownBy(() -> NotifySocket.send("", "READY=1", null))
                .isInstanceOf(IOException.class);
    }
}

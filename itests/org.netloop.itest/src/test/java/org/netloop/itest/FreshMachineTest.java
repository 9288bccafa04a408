package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Tests the first command of the README on a machine that has only Java and the basic system. What
 * it runs was built here: the whole build, and the second command, run there by hand, {@code
 * itests/fresh/fresh}.
 */
final class FreshMachineTest extends RuntimeTest {
    private static final Path FRESH = Path.of("../fresh/fresh").toAbsolutePath().normalize();
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Test
    void theDemoDoesItsWholeJobWithoutALibrary() throws IOException, InterruptedException {
        Machine.needsRoot("a machine in a directory");
        Machine.needsProgram("mmdebstrap");
        Program.Ended ended =
                kept(Program.start(
                                at(""),
                                Path.of("/dev/null"),
                                Map.of("JAVA_HOME", System.getProperty("java.home")),
                                FRESH.toString(),
                                "--built",
                                at("machine").toString()))
                        .end(LONGEST)
                        .well();
        assertThat(ended.out())
                .contains("mounted by FUSE as")
                .contains("fresh: runtime/bin/netloop demo took");
        assertThat(ended.out() + ended.err()).doesNotContain("\tat ", "Exception");
    }
}

package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.health.HealthStatus;
import org.netloop.tck.HealthCheckContract;

import java.nio.file.Path;

/** Tests what the health of a cache says, and when it warns. */
class SpaceCheckTest extends HealthCheckContract {
    private static final long GIBI = 1L << 30;

    @TempDir Path directory;

    @Override
    protected HealthCheck check() {
        return new SpaceCheck(directory, () -> true);
    }

    private Finding warning(String message, String advice) {
        return new Finding(HealthStatus.WARN, "cache " + directory, message, advice);
    }

    @Test
    void aCacheThatCouldNotBeOpenedIsToldOf() {
        assertThat(new SpaceCheck(directory, () -> false).check())
                .containsExactly(
                        warning(
                                "it cannot be used, and nothing is kept on disk",
                                "see the log; check the directory's owner and file system"));
    }

    @Test
    void aFileSystemWithRoomIsWell() throws Exception {
        SpaceCheck check = new SpaceCheck(directory, () -> true);
        assertThat(check.findings(new FakeStore(100 * GIBI, 5 * GIBI))).isEmpty();
        assertThat(check.findings(new FakeStore(100 * GIBI, 2 * GIBI))).isEmpty();
    }

    @Test
    void lessThanAFiftiethIsTooLittle() throws Exception {
        SpaceCheck check = new SpaceCheck(directory, () -> true);
        assertThat(check.findings(new FakeStore(100 * GIBI, GIBI)))
                .containsExactly(
                        warning(
                                "1.0 GiB are left of its file system",
                                "free space, or lower budget.mib of org.netloop.cache.disk"));
    }

    @Test
    void aDirectoryThatIsGoneIsToldOf() {
        Path gone = directory.resolve("gone");
        assertThat(new SpaceCheck(gone, () -> true).check())
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.status()).isEqualTo(HealthStatus.WARN);
                            assertThat(finding.message()).contains(gone.toString());
                            assertThat(finding.advice())
                                    .isEqualTo("check the directory and its file system");
                        });
    }
}

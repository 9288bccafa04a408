package org.netloop.frontend.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.mount.Caller;
import org.netloop.api.mount.MountPoint;
import org.netloop.api.mount.MountTable;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

final class MountStartTest {
    private static final long ENDS_WITHIN_SECONDS = 60;

    private final Replies replies = new Replies();

    @TempDir private Path directory;

    @BeforeAll
    static void theMachineHasFuse() {
        Machine.needsFuse();
    }

    @Test
    void aMountThatDoesNotAnswerInTimeIsLeftToNobody() throws Exception {
        Mount late = mount();
        assertThatThrownBy(() -> late.start(false, Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not answer within 0 s");
        late.ended().get(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
        assertThat(MountTable.read().at(MountPoint.real(directory))).isNull();

        Mount next = mount();
        next.start(false, Duration.ofSeconds(ENDS_WITHIN_SECONDS));
        next.unmount(false);
        next.ended().get(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    private Mount mount() throws IOException {
        return new Mount(directory, Caller.uid(), Caller.gid(), false, replies);
    }
}

package org.netloop.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.VolumeException;
import org.netloop.tck.MemoryVolume;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.FutureTask;

/** Tests reads and writes while the volume behind a frontend leaves and is succeeded. */
@Timeout(60)
class StandingVolumeTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final ScriptedVolume first = new ScriptedVolume("root", 64, 1);
    private final ScriptedVolume second = new ScriptedVolume("root", 64, 2);
    private final StandingVolume standing = StandingVolume.of(first, LONG);

    private byte[] read() throws VolumeException, InterruptedException {
        ByteBuffer into = ByteBuffer.allocate(4);
        standing.read(8, into);
        assertThat(into.hasRemaining()).isFalse();
        return into.array();
    }

    @Test
    void itDescribesItselfLikeTheFirstEvenWhileNoneIsBehindIt() {
        standing.leave(first);
        assertThat(standing.name()).isEqualTo("root");
        assertThat(standing.size()).isEqualTo(64);
        assertThat(standing.identity()).isEqualTo(first.identity());
        assertThat(standing.preferredLength()).isEqualTo(first.preferredLength());
        assertThat(standing.isWritable()).isTrue();
        assertThat(standing.readIfPresent(0, ByteBuffer.allocate(1))).isFalse();
        assertThatThrownBy(standing::present)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("root is being replaced");
    }

    @Test
    void theStateOfABlockIsThatOfTheVolumeBehindIt() {
        BlockState written = new BlockState(BlockState.Place.OVERLAID, false, 32);
        first.state = written;
        assertThat(standing.state(8)).isEqualTo(written);
        standing.leave(first);
        assertThat(standing.state(8).place()).isEqualTo(BlockState.Place.UNKNOWN);
    }

    @Test
    void onlyAVolumeOfTheSameContentSizeAndKindIsAccepted() {
        assertThat(standing.accepts(second)).isTrue();
        assertThat(standing.accepts(new ScriptedVolume("other", 64, 1))).isFalse();
        assertThat(standing.accepts(new ScriptedVolume("root", 65, 1))).isFalse();
        ScriptedVolume readOnly = new ScriptedVolume("root", 64, 1);
        readOnly.writable = false;
        assertThat(standing.accepts(readOnly)).isFalse();
    }

    @Test
    void onlyAnImageSucceedsAnImage() {
        ImageVolume image = MemoryVolume.generated("root", 4096, 4096, _ -> false);
        StandingVolume held = StandingVolume.of(image, LONG);
        assertThat(held).isInstanceOf(ImageVolume.class);
        assertThat(held.accepts(MemoryVolume.generated("root", 4096, 4096, _ -> true))).isTrue();
        ScriptedVolume same = new ScriptedVolume("root", 4096, 1);
        same.identity = image.identity();
        same.writable = false;
        assertThat(held.accepts(same)).isFalse();
    }

    @Test
    void aReadWaitsForTheSuccessor() throws Exception {
        standing.leave(first);
        FutureTask<byte[]> reading = new FutureTask<>(this::read);
        Thread reader = Thread.ofPlatform().start(reading);
        while (reader.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        standing.succeed(second);
        assertThat(reading.get()).containsOnly(2);
    }

    @Test
    void aReadThatWaitsCanBeInterrupted() {
        standing.leave(first);
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::read).isInstanceOf(InterruptedException.class);
    }

    @Test
    void withoutASuccessorAReadFailsWhenTheGraceIsOver() {
        standing.leave(first);
        standing.grace(Duration.ofMillis(1));
        assertThatThrownBy(this::read)
                .isInstanceOf(VolumeException.Io.class)
                .hasMessageContaining("volume root left and did not come back within 0 s");
    }

    @Test
    void theLeavingOfOneThatWasSucceededChangesNothing() throws Exception {
        standing.succeed(second);
        standing.leave(first);
        assertThat(read()).containsOnly(2);
    }

    @Test
    void anOperationThatFailedAsItsVolumeLeftIsDoneAgainFromItsBegin() throws Exception {
        first.before =
                bytes -> {
                    bytes.position(bytes.position() + 2);
                    standing.leave(first);
                    standing.succeed(second);
                    throw new VolumeException.Io("it is closed", null);
                };
        assertThat(read()).containsOnly(2);
    }

    @Test
    void aWriteThatFailedAsItsVolumeLeftIsDoneAgainWithAllItsBytes() throws Exception {
        first.before =
                bytes -> {
                    bytes.position(bytes.position() + 2);
                    standing.succeed(second);
                    throw new NoClassDefFoundError("its code is gone");
                };
        standing.write(3, ByteBuffer.wrap(new byte[] {9, 9, 9}));
        assertThat(second.log).containsExactly("write 3+3");
    }

    @Test
    void anOperationThatFailsOnTheVolumeThatStaysFails() {
        first.before =
                _ -> {
                    throw new VolumeException.Io("the mirror burns", null);
                };
        assertThatThrownBy(this::read).hasMessage("the mirror burns");
        first.before =
                _ -> {
                    throw new NoClassDefFoundError("Cursor");
                };
        assertThatThrownBy(this::read)
                .isInstanceOf(VolumeException.Io.class)
                .hasMessageContaining("volume root failed")
                .hasMessageContaining("Cursor");
    }

    @Test
    void whatIsWrittenGoesToTheVolumeThatIsThere() throws Exception {
        standing.succeed(second);
        standing.write(1, ByteBuffer.allocate(2));
        standing.zero(3, 4, true);
        standing.zero(3, 4, false);
        standing.trim(5, 6);
        standing.flush();
        assertThat(standing.extent(7, 8).length()).isEqualTo(8);
        assertThat(second.log)
                .containsExactly(
                        "write 1+2",
                        "zero 3+4 kept",
                        "zero 3+4",
                        "trim 5+6",
                        "flush",
                        "extent 7+8");
        assertThat(first.log).isEmpty();
    }
}

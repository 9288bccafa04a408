package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.BlockState.Place;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.Prefetch;

import java.util.concurrent.Semaphore;

/** Places of blocks, as a volume tells them without fetching. */
@Timeout(60)
class BlockStateTest extends FetchedAhead {
    private static BlockState state(OpenVolume volume, int block) {
        return volume.state((long) block * BLOCK + 7);
    }

    @Test
    void aBlockIsWhereItWasKept() throws Exception {
        profile = profile(5, 6);
        transport.objects.put(PATH, new byte[1]);
        Semaphore gate = new Semaphore(0);
        transport.faults.put(
                "a",
                (request, _) -> {
                    if (request.purpose() == FetchPurpose.PREFETCH
                            && request.uri().getPath().equals("/block5")) {
                        gate.acquire();
                    }
                });
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            await(gate::hasQueuedThreads);
            assertThat(state(volume, 5))
                    .isEqualTo(new BlockState(Place.FETCHING, true, 6L * BLOCK));
            gate.release();
            await(() -> state(volume, 5).place() == Place.CACHED);
            assertThat(state(volume, 5).foreseen()).isTrue();
            read(volume, 5L * BLOCK, 10);
            assertThat(state(volume, 5).place()).isEqualTo(Place.MEMORY);
            assertThat(state(volume, TestFormat.HOLE).place()).isEqualTo(Place.HOLE);
            assertThat(state(volume, 0)).isEqualTo(new BlockState(Place.REMOTE, false, BLOCK));
            assertThatThrownBy(() -> volume.state(volume.size()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(transport.requestsOf("/block0")).isZero();
    }
}

package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

/** Tests that the memory of buffers is kept up to a bound, and is freed beyond it. */
class BufferRecyclerTest {
    private static final int MEBI = 1 << 20;

    private final BufferRecycler buffers = new BufferRecycler();

    private List<BufferRecycler.Buffer> take(int count) {
        return Stream.generate(() -> buffers.take(MEBI - 10)).limit(count).toList();
    }

    @Test
    void whatIsNotKeptIsFreedAtOnce() {
        List<BufferRecycler.Buffer> taken = take(20);
        taken.forEach(buffers::give);
        assertThat(taken.stream().filter(one -> one.arena().scope().isAlive())).hasSize(8);
        assertThat(buffers.take(MEBI)).isIn(taken);
    }

    @Test
    void whatIsTooLargeToBeKeptIsNoLargerThanAskedFor() {
        BufferRecycler.Buffer large = buffers.take(8 * MEBI + 12);
        assertThat(large.bytes().capacity()).isEqualTo(8 * MEBI + 12);
        buffers.give(large);
        assertThat(large.arena().scope().isAlive()).isFalse();
    }

    @Test
    void nothingIsKeptOfWhatIsClosed() {
        BufferRecycler.Buffer late = buffers.take(5000);
        List<BufferRecycler.Buffer> taken = take(2);
        taken.forEach(buffers::give);
        buffers.close();
        buffers.give(late);
        assertThat(taken).allMatch(one -> !one.arena().scope().isAlive());
        assertThat(late.arena().scope().isAlive()).isFalse();
    }
}

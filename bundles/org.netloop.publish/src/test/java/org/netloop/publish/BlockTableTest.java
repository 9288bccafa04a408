package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.publish.BlockTable.Entry;
import org.netloop.publish.BlockTable.State;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Tests the memory of a table. */
class BlockTableTest {
    private static final List<State> STATES = List.of(State.values());

    private static KnownBlock block(int number) {
        ByteBuffer bytes = ByteBuffer.allocate(4).putInt(number).flip();
        return new KnownBlock(
                Digest.of(DigestAlgorithm.SHA256, bytes),
                Digest.of(DigestAlgorithm.MD5, bytes),
                number + 1,
                number % 3 == 0);
    }

    @Test
    void whatWasPutIsGotBack() {
        BlockTable table = new BlockTable(DigestAlgorithm.MD5, 100_000);
        for (int i = 0; i < 20_000; i++) {
            table.put(block(i), STATES.get(i % 3));
        }
        for (int i = 0; i < 20_000; i++) {
            assertThat(table.get(block(i).plain()))
                    .isEqualTo(new Entry(block(i), STATES.get(i % 3)));
        }
        assertThat(table.get(block(20_000).plain())).isNull();
    }

    @Test
    void aLaterEntryTakesThePlaceOfAnEarlierOne() {
        BlockTable table = new BlockTable(DigestAlgorithm.MD5, 100);
        table.put(block(1), State.REMEMBERED);
        table.put(block(1), State.NEW);
        assertThat(table.get(block(1).plain())).isEqualTo(new Entry(block(1), State.NEW));
    }

    @Test
    void aContentIsCountedOnceAlsoWhenItsStateChanges() {
        BlockTable table = new BlockTable(DigestAlgorithm.MD5, 100);
        table.put(block(1), State.REMEMBERED);
        assertThat(table.count(block(1).plain())).isTrue();
        assertThat(table.count(block(1).plain())).isFalse();
        table.put(block(1), State.FOUND);
        assertThat(table.count(block(1).plain())).isFalse();
    }

    @Test
    void whatIsAskedForIsKeptAndTheRestForgotten() {
        BlockTable table = new BlockTable(DigestAlgorithm.MD5, 1000);
        table.put(block(0), State.NEW);
        for (int i = 1; i < 10_000; i++) {
            table.put(block(i), State.NEW);
            assertThat(table.get(block(0).plain())).isNotNull();
        }
        assertThat(table.get(block(1).plain())).isNull();
        List<KnownBlock> present = new ArrayList<>();
        table.forEachPresent(present::add);
        assertThat(present.size()).isBetween(500, 1000);
    }

    @Test
    void onlyBlocksThatAreThereForCertainAreTold() {
        BlockTable table = new BlockTable(DigestAlgorithm.MD5, 1000);
        table.put(block(0), State.REMEMBERED);
        table.put(block(1), State.FOUND);
        table.put(block(2), State.NEW);
        List<KnownBlock> present = new ArrayList<>();
        table.forEachPresent(present::add);
        assertThat(present).containsExactly(block(1), block(2));
    }
}

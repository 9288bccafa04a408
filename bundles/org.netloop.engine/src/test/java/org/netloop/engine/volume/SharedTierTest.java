package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tier of stored blocks that several machines share. */
@Timeout(60)
class SharedTierTest extends InstalledEngine {
    private static final int STORED = TestFormat.BLOCKS - 1;

    private final MapCache shared = new MapCache();

    @BeforeEach
    void installShared() {
        engine.bindCache(shared, Map.of(BlockCache.TIER, BlockCache.TIER_SHARED));
    }

    private void assertReads(OpenVolume volume) throws Exception {
        assertThat(read(volume, 0, format.image.length))
                .isEqualTo(expected(0, format.image.length));
    }

    private int requests() {
        int requests = 0;
        for (int number = 0; number < TestFormat.BLOCKS; number++) {
            requests += transport.requestsOf("/" + TestFormat.path(number));
        }
        return requests;
    }

    private List<Digest> keys() {
        List<Digest> keys = new ArrayList<>();
        for (int number = 0; number < TestFormat.BLOCKS; number++) {
            if (number != TestFormat.HOLE) {
                keys.add(format.stored(number).key());
            }
        }
        return keys;
    }

    @Test
    void whatAMirrorSentComesFromThereTheNextTime() throws Exception {
        try (OpenVolume volume = open("a")) {
            assertReads(volume);
            assertReads(volume);
            assertThat(requests()).isEqualTo(STORED);
            assertThat(Measured.number(volume, "fetches")).isEqualTo(STORED);
        }
    }

    @Test
    void blocksAloneAreGivenToIt() throws Exception {
        try (OpenVolume volume = open("a")) {
            assertReads(volume);
        }
        assertThat(shared.blocks.keySet()).containsExactlyInAnyOrderElementsOf(keys());
    }

    @Test
    void whatComesFromThereIsKeptOnThisMachine() throws Exception {
        try (OpenVolume volume = open("a")) {
            assertReads(volume);
            engine.bindCache(stored, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
            assertReads(volume);
            while (!stored.blocks.keySet().containsAll(keys())) {
                // Kept after the reader was answered.
                Thread.onSpinWait();
            }
            engine.unbindCache(shared);
            assertReads(volume);
            assertThat(requests()).isEqualTo(STORED);
        }
    }

    @Test
    void wrongBytesAreDroppedThereAndBlameNoMirror() throws Exception {
        try (OpenVolume volume = open("a")) {
            assertReads(volume);
            Digest changed = format.stored(0).key();
            Digest shorter = format.stored(1).key();
            Digest longer = format.stored(2).key();
            shared.blocks.put(changed, new byte[BLOCK]);
            shared.blocks.put(shorter, new byte[3]);
            shared.blocks.put(longer, new byte[BLOCK * 2]);
            assertReads(volume);
            assertThat(requests()).isEqualTo(STORED + 3);
            assertThat(Measured.number(volume, "shared_wrong_blocks")).isEqualTo(3);
            for (MirrorState mirror : Measured.mirrors(volume)) {
                assertThat(mirror.failures()).isZero();
            }
            for (Digest key : List.of(changed, shorter, longer)) {
                assertThat(key.matches(ByteBuffer.wrap(shared.blocks.get(key)))).isTrue();
            }
            assertReads(volume);
            assertThat(requests()).isEqualTo(STORED + 3);
        }
    }

    @Test
    void oneThatBreaksItsContractCostsNothingElse() throws Exception {
        shared.broken = true;
        try (OpenVolume volume = open("a")) {
            assertReads(volume);
            assertThat(requests()).isEqualTo(STORED);
        }
        assertThat(shared.blocks).isEmpty();
    }
}

package org.netloop.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException;

class MapMemoryTest {
    private static final long MIB = 1 << 20;

    private final MapMemory maps = new MapMemory(64 * MIB);

    @Test
    void largeMapsLeaveRoomAndSmallOnesAlwaysFindIt() throws Exception {
        try (MapMemory.Account large = maps.account();
                MapMemory.Account next = maps.account()) {
            large.charge("manifest", 8 * MIB);
            assertThatThrownBy(() -> next.charge("manifest of b", 8 * MIB))
                    .isInstanceOf(FetchException.Unavailable.class)
                    .hasMessageContaining("manifest of b may take 32 MiB")
                    .hasMessageContaining("32 are free")
                    .hasMessageContaining("maps.mib");
            assertThat(next.wasRefused()).isTrue();
            for (int volume = 0; volume < 1000; volume++) {
                maps.account().charge("manifest", 190 << 10);
            }
        }
    }

    @Test
    void whatIsClosedOrDidNotComeIsRoomForOthers() throws Exception {
        MapMemory.Account first = maps.account();
        first.charge("manifest", 8 * MIB);
        first.refund(7 * MIB);
        MapMemory.Account second = maps.account();
        second.charge("manifest", 7 * MIB);
        first.close();
        second.restart();
        second.charge("manifest", 8 * MIB);
        second.close();
        maps.account().charge("manifest", 8 * MIB);
    }

    @Test
    void partsThatAreReadOnceAVolumeIsOpenAreNotCounted() throws Exception {
        try (MapMemory.Account account = maps.account()) {
            account.opened();
            account.charge("segment", 100 * MIB);
            account.refund(100 * MIB);
            maps.account().charge("manifest", 8 * MIB);
        }
    }
}

package org.netloop.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.index.Parts;
import org.netloop.api.transport.FetchException;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

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
    void documentsAreChargedUntilTheVolumeIsOpen() throws Exception {
        try (MapMemory.Account account = maps.account()) {
            account.opened();
            account.charge("segment", 100 * MIB);
            account.refund(100 * MIB);
            maps.account().charge("manifest", 8 * MIB);
        }
    }

    private static void load(Parts<?> parts, int count) throws Exception {
        for (int number = 0; number < count; number++) {
            assertThat(parts.get(number)).isNotNull();
        }
    }

    @Test
    void partsOfAllVolumesStayWithinTheBudget() throws Exception {
        List<Parts<byte[]>> all = new ArrayList<>();
        for (int volume = 0; volume < 8; volume++) {
            all.add(maps.account().parts((int) MIB, _ -> new byte[1]));
            load(all.getLast(), 40);
            assertThat(maps.bytes()).isLessThanOrEqualTo(64 * MIB);
        }
        assertThat(all).allMatch(parts -> parts.bytes() >= 2 * MIB);
        assertThat(maps.bytes()).isGreaterThan(60 * MIB);
    }

    @Test
    void aSmallMapKeepsItsPartsBesideALargeOne() throws Exception {
        Parts<byte[]> small = maps.account().parts((int) MIB, _ -> new byte[1]);
        load(small, 8);
        List<Parts<byte[]>> large = new ArrayList<>();
        for (int volume = 0; volume < 4; volume++) {
            large.add(maps.account().parts((int) MIB, _ -> new byte[1]));
            load(large.getLast(), 32);
        }
        assertThat(small.bytes()).isEqualTo(8 * MIB);
        assertThat(maps.bytes()).isLessThanOrEqualTo(64 * MIB);
    }

    @Test
    void partsGiveWayToDocuments() throws Exception {
        Parts<byte[]> first = maps.account().parts((int) MIB, _ -> new byte[1]);
        Parts<byte[]> second = maps.account().parts((int) MIB, _ -> new byte[1]);
        load(first, 32);
        load(second, 32);
        maps.account().charge("manifest", 8 * MIB);
        assertThat(maps.bytes()).isLessThanOrEqualTo(64 * MIB);
        assertThat(first.bytes()).isEqualTo(second.bytes()).isEqualTo(16 * MIB);
    }

    @Test
    void partsOfAClosedVolumeAreNotCounted() throws Exception {
        MapMemory.Account account = maps.account();
        Parts<byte[]> parts = account.parts((int) MIB, _ -> new byte[1]);
        load(parts, 10);
        assertThat(maps.bytes()).isEqualTo(10 * MIB);
        account.close();
        assertThat(maps.bytes()).isZero();
        Reference.reachabilityFence(parts);
    }
}

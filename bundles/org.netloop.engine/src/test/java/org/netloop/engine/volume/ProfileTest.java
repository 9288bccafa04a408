package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.profile.Pack;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.Prefetch;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A profile, and its pack, are followed ahead of the reader. */
@Timeout(120)
class ProfileTest extends FetchedAhead {
    private void putPack(int... blocks) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Pack.Piece> pieces = new ArrayList<>();
        for (int block : blocks) {
            bytes.writeBytes(transport.objects.get("/" + TestFormat.path(block)));
            pieces.add(new Pack.Piece(format.stored(block).key(), format.stored(block).length()));
        }
        transport.objects.put("/packs/p", bytes.toByteArray());
        Profile bare = profile;
        profile =
                new Profile(bare.image(), bare.name(), bare.entries(), new Pack("packs/p", pieces));
        transport.objects.put(PATH, new byte[1]);
    }

    @Test
    void theBlocksOfAProfileAreFetchedBeforeTheyAreRead() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            await(() -> kept() == 3);
            assertThat(blocksAsked()).containsExactlyInAnyOrder("block5", "block2", "block6");
            assertThat(read(volume, 5L * BLOCK, BLOCK)).isEqualTo(expected(5L * BLOCK, BLOCK));
            assertThat(transport.requestsOf("/block5")).isEqualTo(1);
            assertThat(Measured.number(volume, "prefetched_blocks")).isEqualTo(3);
            assertThat(Measured.text(volume, "profile")).isEqualTo("boot, 100 %");
        }
    }

    @Test
    void aMissingProfileCostsOneRequestAndDelaysNothing() throws Exception {
        Semaphore gate = new Semaphore(0);
        whenTheProfileIsAsked(
                (_, _) -> {
                    gate.acquire();
                    throw new FetchException.Denied("nobody may list this bucket");
                });
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            assertThat(read(volume, 0, 100)).isEqualTo(expected(0, 100));
            gate.release();
            await(() -> gate.getQueueLength() == 0 && transport.requestsOf(PATH) == 1);
            assertThat(read(volume, BLOCK, 100)).isEqualTo(expected(BLOCK, 100));
            assertThat(Measured.mirrors(volume).getFirst().failures()).isZero();
        }
    }

    @Test
    void theSearchForAProfileEndsWithItsVolume() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        whenTheProfileIsAsked(
                (_, _) -> {
                    asked.countDown();
                    try {
                        new Semaphore(0).acquire();
                    } catch (InterruptedException e) {
                        told.countDown();
                        throw e;
                    }
                });
        try (OpenVolume _ = open(Prefetch.AUTO)) {
            asked.await();
        }
        assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatLiesInAPackComesInOneRequest() throws Exception {
        putPack(5, 2);
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            await(() -> kept() == 3);
            await(() -> Measured.pending(volume) == 0);
            assertThat(transport.requestsOf("/packs/p")).isEqualTo(1);
            assertThat(blocksAsked()).containsExactly("block6");
            assertThat(read(volume, 2L * BLOCK, BLOCK)).isEqualTo(expected(2L * BLOCK, BLOCK));
        }
    }

    @Test
    void aDamagedPackIsDoneWithout() throws Exception {
        putPack(5, 2);
        transport.objects.computeIfPresent(
                "/packs/p",
                (_, bytes) -> {
                    bytes[BLOCK + 5]++;
                    return bytes;
                });
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            await(() -> kept() == 3);
            await(() -> Measured.pending(volume) == 0);
            assertThat(blocksAsked()).containsExactlyInAnyOrder("block5", "block2", "block6");
        }
    }
}

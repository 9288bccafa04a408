package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * A client that skipped images. Block 1 and block 2 have deltas that refer to the same block of the
 * image before, which this client never opened; that image got it from the one before, and so on.
 */
@Timeout(60)
class SkippedImagesTest extends InstalledEngine {
    /** Images between the one that is read and the one that this client has. */
    private static final int SKIPPED = 3;

    private final Digest[] images = new Digest[SKIPPED + 1];

    /** The block as each image has it, the nearest first; the last one is that of this client. */
    private final List<byte[]> versions = new ArrayList<>();

    private final Map<Digest, Delta> earlier = new HashMap<>();
    private int mostImages;
    private boolean lookupFails;

    private final class ChainFormat extends WrappedFormat {
        ChainFormat() {
            super(format);
        }

        @Override
        public Index open(Reference reference, ObjectReader objects)
                throws FetchException, InterruptedException {
            Map<Long, Delta> deltas = new HashMap<>();
            for (int number : new int[] {1, 2}) {
                byte[] plain = expected(number * BLOCK, BLOCK);
                deltas.put((long) number * BLOCK, delta("new" + number, plain, versions.get(0)));
            }
            return new WithDeltas(
                    super.open(reference, objects),
                    deltas::get,
                    SkippedImagesTest.this::giving,
                    List.of(images));
        }
    }

    private @Nullable Delta giving(Digest plain, int within) throws FetchException {
        mostImages = within;
        if (lookupFails) {
            throw new FetchException.Unavailable("no table", null);
        }
        return earlier.get(plain);
    }

    /** Publishes a delta as an object. */
    private Delta delta(String object, byte[] plain, byte[] before) {
        byte[] bytes = new byte[100];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (plain[i] ^ before[i]);
        }
        transport.objects.put("/" + object, bytes);
        StoredBlock stored =
                StoredBlock.range(digest(bytes), object, 0, bytes.length, PatchCodec.ID);
        // As it is stored, plain: the form in which it is rebuilt has the codec of the deltas.
        DeltaBase base =
                new DeltaBase(
                        StoredBlock.object(digest(before), "gone", BLOCK, StoredBlock.PLAIN),
                        BLOCK,
                        digest(before));
        Delta.Run run = new Delta.Run(0, bytes.length);
        return new Delta(stored, run, BLOCK, digest(plain), List.of(base));
    }

    private static byte[] patched(byte[] block, Random random) {
        byte[] patched = block.clone();
        byte[] patch = new byte[100];
        random.nextBytes(patch);
        System.arraycopy(patch, 0, patched, 0, patch.length);
        return patched;
    }

    @BeforeEach
    void publishChain() {
        Random random = new Random(5);
        byte[] common = expected(BLOCK, BLOCK);
        System.arraycopy(patched(common, random), 0, format.image, 2 * BLOCK, BLOCK);
        System.arraycopy(patched(common, random), 0, format.image, 4 * BLOCK, BLOCK);
        for (int i = 0; i <= SKIPPED; i++) {
            images[i] = digest(new byte[] {(byte) i});
            versions.add(patched(common, random));
        }
        for (int i = 0; i < SKIPPED; i++) {
            byte[] plain = versions.get(i);
            earlier.put(digest(plain), delta("old" + i, plain, versions.get(i + 1)));
        }
        engine.unbindFormat(format);
        engine.bindFormat(new ChainFormat(), Map.of());
        engine.bindCodec(new PatchCodec(), Map.of());
        installCaches();
        byte[] mine = versions.getLast();
        stored.blocks.put(digest(mine), mine);
        rememberOpened(images[SKIPPED]);
    }

    private void readBlocks(int... numbers) throws Exception {
        try (OpenVolume volume = open("a")) {
            for (int number : numbers) {
                assertThat(read(volume, number * BLOCK, BLOCK))
                        .isEqualTo(expected(number * BLOCK, BLOCK));
            }
        }
    }

    private long requests(String object) {
        return transport.requestsOf("/" + object);
    }

    private long oldDeltas() {
        return requests("old0") + requests("old1") + requests("old2");
    }

    private long fullBlocks() {
        return requests(TestFormat.path(1));
    }

    @Test
    void blocksAreRebuiltOverTheImagesThatWereSkipped() throws Exception {
        readBlocks(1, 2);
        assertThat(fullBlocks()).isZero();
        assertThat(requests("new1")).isEqualTo(1);
        assertThat(requests("new2")).isEqualTo(1);
        assertThat(oldDeltas()).isEqualTo(SKIPPED);
        assertThat(mostImages).isEqualTo(SKIPPED);
        plain.blocks.clear();
        readBlocks(1, 2);
        assertThat(oldDeltas()).isEqualTo(SKIPPED);
    }

    /** Block 4 is as the image before had it, and has no delta of its own. */
    @Test
    void aBlockThatASkippedImageChangedIsRebuiltByThatOnesDelta() throws Exception {
        earlier.put(
                format.stored(4).key(), delta("old4", expected(4 * BLOCK, BLOCK), versions.get(1)));
        readBlocks(4);
        assertThat(requests(TestFormat.path(4))).isZero();
        assertThat(requests("old4")).isEqualTo(1);
        assertThat(requests("old0")).isZero();
    }

    @Test
    void oneForgedDeltaOnTheWayCostsTheStoredBlockAlone() throws Exception {
        byte[] forged = Objects.requireNonNull(transport.objects.get("/old1")).clone();
        forged[7]++;
        transport.objects.put("/old1", forged);
        readBlocks(1);
        assertThat(fullBlocks()).isEqualTo(1);
    }

    @Test
    void aDeltaThatGivesOtherBytesThanItsDigestSaysIsNotBuiltOn() throws Exception {
        byte[] wrong = versions.get(1).clone();
        wrong[3]++;
        Delta lying = delta("old1", wrong, versions.get(2));
        earlier.put(
                digest(versions.get(1)),
                new Delta(
                        lying.stored(),
                        lying.run(),
                        BLOCK,
                        digest(versions.get(1)),
                        lying.bases()));
        readBlocks(1);
        assertThat(fullBlocks()).isEqualTo(1);
        assertThat(requests("old0")).isLessThanOrEqualTo(1);
    }

    @Test
    void aGapOnTheWayCostsNoRequestForWhatLiesBeforeIt() throws Exception {
        earlier.remove(digest(versions.get(2)));
        readBlocks(1);
        assertThat(fullBlocks()).isEqualTo(1);
        assertThat(oldDeltas()).isZero();
    }

    @Test
    void imagesThatGoBackAndForthDoNotLeadInACircle() throws Exception {
        earlier.put(digest(versions.get(2)), delta("old2", versions.get(2), versions.get(0)));
        readBlocks(1);
        assertThat(fullBlocks()).isEqualTo(1);
        assertThat(oldDeltas()).isZero();
    }

    @Test
    void aWayThatCostsMoreThanItCanSaveIsNotTaken() throws Exception {
        Delta first = Objects.requireNonNull(earlier.get(digest(versions.get(1))));
        byte[] object = Arrays.copyOf(transport.objects.get("/old1"), format.image.length / 4);
        transport.objects.put("/old1", object);
        Delta.Run all = new Delta.Run(0, object.length);
        earlier.put(
                digest(versions.get(1)),
                new Delta(first.stored(), all, BLOCK, first.plain(), first.bases()));
        readBlocks(1);
        assertThat(fullBlocks()).isEqualTo(1);
        assertThat(oldDeltas()).isZero();
    }

    @Test
    void tablesThatCannotBeHadCostNoRead() throws Exception {
        lookupFails = true;
        readBlocks(1);
        assertThat(fullBlocks()).isEqualTo(1);
    }
}

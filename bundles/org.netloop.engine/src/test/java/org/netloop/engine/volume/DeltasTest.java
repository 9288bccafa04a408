package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Blocks that are rebuilt from deltas. Block 1 and block 2 have one that refers to block 0. */
class DeltasTest extends InstalledEngine {
    private static final String OBJECT = "/deltas";
    private static final Digest PARENT = digest(new byte[] {1});

    private final byte[] deltas = new byte[2 * BLOCK];
    private boolean lookupFails;
    private boolean wrongResult;

    private final class DeltaFormat extends WrappedFormat {
        DeltaFormat() {
            super(format);
        }

        @Override
        public Index open(Reference reference, ObjectReader objects)
                throws FetchException, InterruptedException {
            return new WithDeltas(super.open(reference, objects), DeltasTest.this::delta);
        }
    }

    @BeforeEach
    void publishDeltas() {
        engine.unbindFormat(format);
        engine.bindFormat(new DeltaFormat(), Map.of());
        engine.bindCodec(new PatchCodec(), Map.of());
        installCaches();
        for (int i = 0; i < deltas.length; i++) {
            deltas[i] = (byte) (format.image[i % BLOCK] ^ format.image[BLOCK + i]);
        }
        transport.objects.put(OBJECT, deltas.clone());
    }

    private @Nullable Delta delta(long offset) throws FetchException {
        if (lookupFails) {
            throw new FetchException.Missing("no table");
        }
        int number = (int) (offset / BLOCK);
        if (number != 1 && number != 2) {
            return null;
        }
        int at = (number - 1) * BLOCK;
        StoredBlock stored =
                StoredBlock.range(
                        digest(Arrays.copyOfRange(deltas, at, at + BLOCK)),
                        "deltas",
                        at,
                        BLOCK,
                        PatchCodec.ID);
        Digest plain = wrongResult ? PARENT : digest(expected(number * BLOCK, BLOCK));
        DeltaBase base = new DeltaBase(format.stored(0), BLOCK, digest(expected(0, BLOCK)));
        return new Delta(stored, new Delta.Run(0, 2 * BLOCK), BLOCK, plain, List.of(base));
    }

    /** The parent was opened by this client before. */
    private void rememberParent() {
        rememberOpened(PARENT);
    }

    private void holdBase() {
        byte[] base = transport.objects.get("/" + TestFormat.path(0));
        stored.blocks.put(format.stored(0).key(), base);
    }

    private void readsBlocks(OpenVolume volume) throws Exception {
        for (int number : new int[] {1, 2}) {
            assertThat(read(volume, number * BLOCK, BLOCK))
                    .isEqualTo(expected(number * BLOCK, BLOCK));
        }
    }

    private long fullBlocks() {
        return transport.requestsOf("/" + TestFormat.path(1))
                + transport.requestsOf("/" + TestFormat.path(2));
    }

    @Test
    void neighboursAreRebuiltFromOneRequestAndNotFetchedAgainAfterARestart() throws Exception {
        rememberParent();
        holdBase();
        try (OpenVolume volume = open("a")) {
            readsBlocks(volume);
        }
        assertThat(transport.requestsOf(OBJECT)).isEqualTo(1);
        plain.blocks.clear();
        stored.blocks.remove(format.stored(0).key());
        try (OpenVolume volume = open("a")) {
            readsBlocks(volume);
        }
        assertThat(transport.requestsOf(OBJECT)).isEqualTo(1);
        assertThat(fullBlocks()).isZero();
    }

    @Test
    void aClientWithoutTheParentLooksAtNoDeltas() throws Exception {
        holdBase();
        lookupFails = true;
        try (OpenVolume volume = open("a")) {
            readsBlocks(volume);
        }
        assertThat(fullBlocks()).isEqualTo(2);
    }

    @Test
    void aDeltaWhoseBasesAreGoneIsNotFetched() throws Exception {
        rememberParent();
        try (OpenVolume volume = open("a")) {
            readsBlocks(volume);
        }
        assertThat(transport.requestsOf(OBJECT)).isZero();
        assertThat(fullBlocks()).isEqualTo(2);
    }

    @Test
    void whatAMirrorInventsIsNotDecoded() throws Exception {
        rememberParent();
        holdBase();
        byte[] forged = deltas.clone();
        forged[0]++;
        transport.objects.put(OBJECT, forged);
        try (OpenVolume volume = open("a")) {
            readsBlocks(volume);
        }
        assertThat(fullBlocks()).isPositive();
    }

    @Test
    void aDamagedBaseIsFoundOut() throws Exception {
        rememberParent();
        stored.blocks.put(format.stored(0).key(), new byte[BLOCK]);
        try (OpenVolume volume = open("a")) {
            readsBlocks(volume);
        }
        assertThat(fullBlocks()).isEqualTo(2);
    }

    @Test
    void aWrongResultIsNeitherServedNorKept() throws Exception {
        rememberParent();
        holdBase();
        wrongResult = true;
        int before = stored.blocks.size();
        try (OpenVolume volume = open("a")) {
            readsBlocks(volume);
        }
        assertThat(fullBlocks()).isEqualTo(2);
        // The mark of this image, what it is recognised by, and the two blocks as they are stored.
        assertThat(stored.blocks).hasSizeLessThan(before + 6);
    }

    @Test
    void deltasThatCannotBeLookedUpOrAreGoneCostNoRead() throws Exception {
        rememberParent();
        holdBase();
        transport.objects.remove(OBJECT);
        try (OpenVolume volume = open("a")) {
            readsBlocks(volume);
        }
        lookupFails = true;
        plain.blocks.clear();
        try (OpenVolume volume = open("a")) {
            readsBlocks(volume);
        }
        assertThat(fullBlocks()).isEqualTo(2);
    }
}

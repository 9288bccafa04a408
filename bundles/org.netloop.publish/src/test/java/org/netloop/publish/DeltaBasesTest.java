package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volumes;
import org.netloop.publish.delta.DeltaMaker;
import org.netloop.tck.MemoryImage;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Tests which image deltas refer to, and when none are made. */
@Timeout(60)
class DeltaBasesTest {
    private static final int BLOCK = 4096;
    private static final MemoryImage PARENT = MemoryImage.of(BLOCK, new byte[3 * BLOCK]);
    private static final Digest IMAGE = PARENT.image().digest();

    private final List<Digest> asked = new ArrayList<>();
    private final Volumes volumes = _ -> PARENT;
    private boolean takesDeltas = true;

    private final IndexWriter index =
            new IndexWriter() {
                @Override
                public StoredBlock locate(Digest digest, int length, String codec) {
                    return StoredBlock.object(digest, "x", length, codec);
                }

                @Override
                public boolean takesDeltas(Digest base) {
                    asked.add(base);
                    return takesDeltas;
                }

                @Override
                public void append(Block block) {}

                @Override
                public ImageInfo finish(long size) {
                    return PARENT.image();
                }

                @Override
                public void close() {}
            };

    private static PublishSpec spec(
            int blockLength, String format, @Nullable Digest parent, boolean deltas) {
        return new PublishSpec(
                URI.create("fake:///repository"),
                format,
                new ImageSpec(blockLength, "fake", DigestAlgorithm.SHA256, parent, Map.of()),
                OptionalInt.empty(),
                "stable",
                false,
                null,
                deltas);
    }

    private Optional<DeltaMaker> open(
            @Nullable Volumes by,
            PublishSpec spec,
            @Nullable Codec codec,
            Optional<Catalog> catalog)
            throws IOException, InterruptedException {
        BlockEncoder encoder = new BlockEncoder(codec, 1);
        return new DeltaBases(by, spec, encoder, 1).open(index, catalog);
    }

    private Optional<DeltaMaker> open(PublishSpec spec) throws IOException, InterruptedException {
        return open(volumes, spec, new DeltaCodec(), Optional.empty());
    }

    @Test
    void deltasReferToTheParent() throws Exception {
        try (DeltaMaker maker = open(spec(BLOCK, "memory", IMAGE, true)).orElseThrow()) {
            assertThat(maker.parent()).isEqualTo(IMAGE);
        }
        assertThat(asked).containsExactly(IMAGE);
    }

    @Test
    void withoutAParentTheyReferToWhereTheChannelPoints() throws Exception {
        FakeFormat format = new FakeFormat();
        Catalog empty = format.catalog(new FakeRepository());
        PublishSpec spec = spec(BLOCK, "memory", null, true);
        assertThat(open(volumes, spec, new DeltaCodec(), Optional.of(empty))).isEmpty();
        assertThat(asked).isEmpty();
        format.pointsTo = Optional.of(new Catalog.Channel("stable", IMAGE, 1, List.of()));
        try (DeltaMaker maker =
                open(volumes, spec, new DeltaCodec(), Optional.of(empty)).orElseThrow()) {
            assertThat(maker.parent()).isEqualTo(IMAGE);
        }
    }

    @Test
    void noneAreMadeWhereNobodyWantsOrCan() throws Exception {
        PublishSpec good = spec(BLOCK, "memory", IMAGE, true);
        Optional<Catalog> none = Optional.empty();
        assertThat(open(null, good, new DeltaCodec(), none)).isEmpty();
        assertThat(open(volumes, good, null, none)).isEmpty();
        assertThat(open(volumes, good, new FakeCodec(), none)).isEmpty();
        assertThat(open(spec(BLOCK, "memory", IMAGE, false))).isEmpty();
        assertThat(open(spec(BLOCK, "memory", null, true))).isEmpty();
        assertThat(asked).isEmpty();
        takesDeltas = false;
        assertThat(open(good)).isEmpty();
    }

    @Test
    void noneAreMadeToAnImageOfAnotherForm() throws Exception {
        assertThat(open(spec(2 * BLOCK, "memory", IMAGE, true))).isEmpty();
        assertThat(open(spec(BLOCK, "other", IMAGE, true))).isEmpty();
    }

    @Test
    void aParentThatCannotBeOpenedIsNoReasonToFail() throws Exception {
        Volumes gone =
                _ -> {
                    throw new FetchException.Missing("it was removed");
                };
        PublishSpec spec = spec(BLOCK, "memory", IMAGE, true);
        assertThat(open(gone, spec, new DeltaCodec(), Optional.empty())).isEmpty();
        assertThat(asked).containsExactly(IMAGE);
    }
}

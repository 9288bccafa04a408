package org.netloop.format.netloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.Catalog.Channel;
import org.netloop.api.index.Catalog.Move;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.tck.MemoryRepository;
import org.netloop.tck.MemoryRepository.Action;
import org.netloop.tck.MemoryRepository.Step;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

class NetloopCatalogTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

    private final MemoryRepository repository = new MemoryRepository();
    private final Catalog catalog = new NetloopCatalog(repository, () -> NOW);

    private ImageInfo image(int size) throws IOException {
        ImageSpec spec = new ImageSpec(4096, "zlib", DigestAlgorithm.SHA256, null, Map.of());
        try (IndexWriter writer = new NetloopFormat().write(repository, spec)) {
            writer.append(new Block(0, size, null));
            return writer.finish(size);
        }
    }

    private void put(String path, String text) throws IOException {
        repository.put(path, ByteBuffer.wrap(text.getBytes(UTF_8)), Kind.POINTER);
    }

    private String text(String path) throws IOException {
        return UTF_8.decode(repository.read(path, 1 << 20)).toString();
    }

    @Test
    void anEmptyRepositoryHasNothing() throws IOException {
        assertThat(catalog.images()).isEmpty();
        assertThat(catalog.channels()).isEmpty();
    }

    @Test
    void imagesAreListedInTheOrderOfTheirDigests() throws IOException {
        List<ImageInfo> images = new ArrayList<>();
        for (int size = 1; size < 20; size++) {
            images.add(image(size));
        }
        images.sort(Comparator.comparing(ImageInfo::digest));
        assertThat(catalog.images()).isEqualTo(images);
    }

    @Test
    void channelsAreListedInTheOrderOfTheirNames() throws IOException {
        Digest one = image(1).digest();
        Digest two = image(2).digest();
        catalog.move("stable", one);
        catalog.move("beta", one);
        catalog.move("beta", two);
        assertThat(catalog.channels())
                .containsExactly(
                        new Channel("beta", two, 2, List.of(new Move(one, 1, NOW))),
                        new Channel("stable", one, 1, List.of()));
    }

    @Test
    void aChannelKeepsItsLatestMoves() throws IOException {
        List<Digest> images = List.of(image(1).digest(), image(2).digest());
        for (int move = 0; move < ChannelDocument.MAX_HISTORY + 5; move++) {
            catalog.move("beta", images.get(move % 2));
        }
        Channel beta = catalog.channel("beta").orElseThrow();
        assertThat(beta.history())
                .hasSize(ChannelDocument.MAX_HISTORY)
                .startsWith(new Move(images.get(1), beta.sequence() - 1, NOW))
                .endsWith(new Move(images.get(0), 5, NOW));
        assertThat(repository.length("channels/beta.json").orElseThrow()).isLessThan(10_000);
    }

    @Test
    void aLongerHistoryIsRefused() throws IOException {
        Digest image = image(1).digest();
        List<Move> history =
                Collections.nCopies(ChannelDocument.MAX_HISTORY + 1, new Move(image, 1, NOW));
        put(
                "channels/long.json",
                UTF_8.decode(new ChannelDocument(image, 1, 1, history).write()).toString());
        assertThatThrownBy(() -> catalog.channel("long"))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("history");
    }

    @Test
    void whatIsDamagedOrForeignIsLeftOut() throws IOException {
        ImageInfo good = image(1);
        catalog.move("good", good.digest());
        put("images/" + image(2).digest().hex() + ".json", "{\"netloop\":\"image\"}");
        put("images/notes.json", "{}");
        put("images/" + good.digest().hex() + ".json.sig", "signature");
        put("channels/bad.json", "{");
        put("channels/newer.json", "{\"netloop\":\"channel\",\"version\":2}");
        put("channels/sub/dir.json", text("channels/good.json"));
        put("channels/good.json.sig", "signature");
        assertThat(catalog.images()).containsExactly(good);
        assertThat(catalog.channels())
                .containsExactly(new Channel("good", good.digest(), 1, List.of()));
    }

    @Test
    void aMoveIsWrittenAsSpecifiedAndMadeDurable() throws IOException {
        Digest image = image(1).digest();
        long length = repository.length("images/" + image.hex() + ".json").orElseThrow();
        catalog.move("stable", image);
        assertThat(text("channels/stable.json"))
                .isEqualTo(
                        "{\"netloop\":\"channel\",\"version\":1,\"image\":\"sha256:"
                                + image.hex()
                                + "\",\"length\":"
                                + length
                                + ",\"sequence\":1}\n");
        assertThat(repository.kind("channels/stable.json")).isEqualTo(Kind.POINTER);
        assertThat(repository.journal())
                .endsWith(new Step(Action.PUT, "channels/stable.json"), new Step(Action.SYNC, ""));
    }

    @Test
    void aMoveToWhereItPointsWritesNothing() throws IOException {
        Digest image = image(1).digest();
        catalog.move("stable", image);
        List<Step> before = repository.journal();
        catalog.move("stable", image);
        assertThat(repository.journal()).isEqualTo(before);
    }

    @Test
    void aMoveToWhatIsNotThereOrDamagedIsRefused() throws IOException {
        Digest good = image(1).digest();
        catalog.move("stable", good);
        Digest absent = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        Digest foreign = Digest.of(DigestAlgorithm.SHA512_256, ByteBuffer.allocate(1));
        for (Digest missing : List.of(absent, foreign)) {
            assertThatThrownBy(() -> catalog.move("stable", missing))
                    .isInstanceOf(FetchException.Missing.class)
                    .hasMessageContaining("stable")
                    .hasMessageContaining(missing.toString());
        }
        put("images/" + absent.hex() + ".json", "{}");
        assertThatThrownBy(() -> catalog.move("stable", absent))
                .isInstanceOf(FetchException.Corrupt.class);
        assertThat(catalog.channels()).containsExactly(new Channel("stable", good, 1, List.of()));
    }

    @Test
    void aDamagedChannelIsNotMovedSinceItsSequenceIsLost() throws IOException {
        Digest image = image(1).digest();
        put("channels/stable.json", "{\"netloop\":\"channel\",\"ver");
        assertThatThrownBy(() -> catalog.move("stable", image))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("channels/stable.json")
                .hasMessageContaining("delete it");
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws IOException {
        Digest image = image(1).digest();
        for (String name : List.of("", "..", "../x", "a/b", ".hidden", "x".repeat(65))) {
            assertThatIllegalArgumentException().isThrownBy(() -> catalog.move(name, image));
        }
    }

    @Test
    void aChannelWithTheLastSequenceIsNotMoved() throws IOException {
        long last = ChannelDocument.MAX_SEQUENCE;
        ChannelDocument full = new ChannelDocument(image(1).digest(), 1, last, List.of());
        repository.put("channels/full.json", full.write(), Kind.POINTER);
        Digest next = image(2).digest();
        assertThatThrownBy(() -> catalog.move("full", next))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("has the last sequence there is");
        ChannelDocument before = new ChannelDocument(image(1).digest(), 1, last - 1, List.of());
        repository.put("channels/full.json", before.write(), Kind.POINTER);
        catalog.move("full", next);
        assertThat(catalog.channel("full").orElseThrow().sequence()).isEqualTo(last);
    }

    @Test
    void onlyWhatHasTheNameOfAnImageOrChannelIsDamaged() throws IOException {
        String image = "images/" + image(1).digest().hex() + ".json";
        put(image, "{");
        put("images/notes.json", "{}");
        put("channels/bad.json", "{");
        put("channels/not a name.json", "{");
        assertThat(catalog.damaged()).containsExactly(image, "channels/bad.json");
    }

    @Test
    void theObjectsOfEncodedSegmentsAreNotListed() throws IOException {
        Digest part = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        ImageSpec spec = new ImageSpec(4096, "zlib", DigestAlgorithm.SHA256, null, Map.of());
        Manifest manifest =
                new Manifest(1, spec, 0, List.of(new SegmentReference(0, part, 50, 100, "zlib")));
        ByteBuffer bytes = manifest.write();
        Digest image = NetloopFormat.nameOf(bytes);
        repository.put(Layout.image(image), bytes, Kind.DOCUMENT);
        assertThatThrownBy(() -> catalog.objects(image).toList())
                .hasCauseInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("is a segment encoded with 'zlib'");
    }

    @Test
    void theChannelNamesTheLengthOfTheManifest() throws IOException {
        Digest image = image(1).digest();
        catalog.move("stable", image);
        long length = repository.length(Layout.image(image)).orElseThrow();
        assertThat(text("channels/stable.json")).contains("\"length\":" + length + ",");
        assertThatThrownBy(
                        () ->
                                ChannelDocument.parse(
                                        "it", new ChannelDocument(image, 0, 1, List.of()).write()))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("length is not a number from 1 to " + Manifest.MAX_LENGTH);
        assertThatThrownBy(
                        () ->
                                ChannelDocument.parse(
                                        "it", new ChannelDocument(image, 1, 0, List.of()).write()))
                .hasMessageContaining("sequence is not a number from 1 to");
    }
}

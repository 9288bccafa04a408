package org.netloop.format.netloop;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.tck.MemoryRepository;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

class DeltaTableTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = Segment.BLOCKS + 300;
    private static final int MUTATIONS = 5_000;
    private static final ImageSpec SPEC =
            new ImageSpec(BLOCK, "zstd", DigestAlgorithm.SHA256, null, Map.of());

    private final MemoryRepository repository = new MemoryRepository();
    private final NetloopFormat format = new NetloopFormat();

    private static Digest digest(long number) {
        byte[] bytes = new byte[Long.BYTES];
        ByteBuffer.wrap(bytes).putLong(number);
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes));
    }

    private static Block block(IndexWriter writer, int number, long version) throws Exception {
        StoredBlock stored = writer.locate(digest(version * 100_000 + number), 1000, "zstd");
        return new Block((long) number * BLOCK, BLOCK, stored);
    }

    private static DeltaBase base(IndexWriter writer, int number) throws Exception {
        StoredBlock stored = block(writer, number, 1).stored().orElseThrow();
        return new DeltaBase(stored, BLOCK, digest(-number));
    }

    private static Delta.Made made(IndexWriter writer, Random random, int number) throws Exception {
        List<DeltaBase> bases = new ArrayList<>();
        int count = 1 + random.nextInt(Delta.MOST_BASES);
        for (int i = 0; i < count; i++) {
            bases.add(base(writer, (number + 7 * i) % BLOCKS));
        }
        byte[] bytes = new byte[1 + random.nextInt(2000)];
        random.nextBytes(bytes);
        return new Delta.Made(ByteBuffer.wrap(bytes), "zstd", digest(number), bases);
    }

    /** Writes a version, of which every third block has a delta if there is a base. */
    private ImageInfo write(long version, @Nullable Digest base) throws Exception {
        Random random = new Random(version);
        try (IndexWriter writer = format.write(repository, SPEC)) {
            assertThat(base == null || writer.takesDeltas(base)).isTrue();
            for (int number = 0; number < BLOCKS; number++) {
                Block block = block(writer, number, version);
                if (base != null && number % 3 == 0) {
                    writer.append(block, made(writer, random, number));
                } else {
                    writer.append(block);
                }
            }
            return writer.finish((long) BLOCKS * BLOCK);
        }
    }

    private Index open(ImageInfo image) throws Exception {
        return format.open(
                new Reference(repository.base(), null, image.digest()), repository.objects());
    }

    @Test
    void deltasAreFoundAgainWithTheirBasesAndBytes() throws Exception {
        ImageInfo parent = write(1, null);
        Index index = open(write(2, parent.digest()));
        assertThat(index.deltaBases()).containsExactly(parent.digest());
        Random random = new Random(2);
        try (IndexWriter writer = format.write(repository, SPEC)) {
            for (int number = 0; number < BLOCKS; number++) {
                Delta found = index.delta((long) number * BLOCK + 5);
                if (number % 3 != 0) {
                    assertThat(found).isNull();
                    continue;
                }
                Delta.Made made = made(writer, random, number);
                Objects.requireNonNull(found);
                assertThat(found.plain()).isEqualTo(made.plain());
                assertThat(found.bases()).isEqualTo(made.bases());
                assertThat(found.length()).isEqualTo(BLOCK);
                assertThat(found.run().length()).isLessThanOrEqualTo(DeltaTable.RUN_LENGTH);
                ByteBuffer object = repository.read(found.stored().path(), Integer.MAX_VALUE);
                int at = (int) found.stored().position();
                assertThat(object.slice(at, found.stored().length())).isEqualTo(made.bytes());
                assertThat(found.stored().key().matches(made.bytes())).isTrue();
            }
        }
    }

    @Test
    void theDeltasOfAnUpdateLieInOneObjectThatTheCatalogNames() throws Exception {
        Index index = open(write(2, write(1, null).digest()));
        Set<String> objects = new HashSet<>();
        for (int number = 0; number < BLOCKS; number += 3) {
            Delta found = index.delta((long) number * BLOCK);
            objects.add(Objects.requireNonNull(found).stored().path());
        }
        assertThat(objects).hasSize(1);
        try (Stream<Catalog.Item> items =
                format.catalog(repository).objects(index.image().digest())) {
            assertThat(items.map(Catalog.Item::path)).containsAll(objects);
        }
    }

    @Test
    void basesOfBasesAreNamedUpToABound() throws Exception {
        List<Digest> before = new ArrayList<>();
        before.add(write(1, null).digest());
        for (int version = 2; version < DeltaTables.MOST_BASES + 4; version++) {
            Index index = open(write(version, before.getFirst()));
            assertThat(index.deltaBases())
                    .isEqualTo(before.stream().limit(DeltaTables.MOST_BASES).toList());
            before.addFirst(index.image().digest());
        }
    }

    @Test
    void anImagePublishedAgainKeepsItsName() throws Exception {
        ImageInfo parent = write(1, null);
        ImageInfo image = write(2, parent.digest());
        assertThat(write(2, parent.digest()).digest()).isEqualTo(image.digest());
        try (IndexWriter writer = format.write(repository, SPEC)) {
            writer.takesDeltas(image.digest());
            for (int number = 0; number < BLOCKS; number++) {
                writer.append(block(writer, number, 2));
            }
            assertThat(writer.finish((long) BLOCKS * BLOCK).digest()).isEqualTo(image.digest());
        }
    }

    @Test
    void aBaseThatIsGoneIsNoReasonToFail() throws Exception {
        try (IndexWriter writer = format.write(repository, SPEC)) {
            writer.takesDeltas(digest(0));
            writer.append(block(writer, 0, 1));
            assertThat(writer.finish(BLOCK).size()).isEqualTo(BLOCK);
        }
    }

    @Test
    void aMutatedTableIsRefusedOrStaysWithinItsBounds() throws Exception {
        ImageInfo image = write(2, write(1, null).digest());
        Manifest manifest =
                NetloopFormat.parse(
                        Layout.image(image.digest()),
                        image.digest(),
                        repository.read(Layout.image(image.digest()), Manifest.MAX_LENGTH));
        DeltaTables.Table table = manifest.deltas().tables().getLast();
        byte[] good = new byte[table.length()];
        repository.read(table.path(), table.length()).get(good);
        Random random = new Random(3);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = mutated(good, random);
            try {
                DeltaTable.Parsed parsed =
                        DeltaTable.parse(
                                "table",
                                ByteBuffer.wrap(bytes),
                                table.segment(),
                                image.size(),
                                SPEC);
                assertThat(parsed.deltas()).hasSize(BLOCKS - Segment.BLOCKS);
            } catch (FetchException.Corrupt e) {
                assertThat(e).hasMessageStartingWith("table");
            }
        }
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bytes = Arrays.copyOf(good, good.length - random.nextInt(3));
        int most = random.nextBoolean() ? 64 : bytes.length;
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(most)] = (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void aManifestWithTablesButWithoutBasesIsRefused() throws Exception {
        ImageInfo image = write(2, write(1, null).digest());
        ByteBuffer bytes = repository.read(Layout.image(image.digest()), Manifest.MAX_LENGTH);
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        String wrong = text.replaceFirst("\"bases\":\\[.*?\\]\\],", "\"bases\":[],");
        assertThat(wrong).isNotEqualTo(text);
        ByteBuffer document = StandardCharsets.UTF_8.encode(wrong);
        Digest name = NetloopFormat.nameOf(document.duplicate());
        repository.put(Layout.image(name), document, Kind.DOCUMENT);
        assertThat(format.catalog(repository).damaged()).contains(Layout.image(name));
    }
}

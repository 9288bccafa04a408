package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.Catalog.Channel;
import org.netloop.api.index.Catalog.Item;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.tck.MemoryRepository.Action;
import org.netloop.tck.MemoryRepository.Step;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/** Obligations of the {@link Catalog} of a format that keeps images apart from their blocks. */
public abstract class CatalogContract {
    private static final int BLOCK = 64 << 10;
    private static final String CODEC = "zlib";

    private final MemoryRepository repository = new MemoryRepository();

    /** The paths of the stored blocks of the image that was written last. */
    private final Set<String> stored = new TreeSet<>();

    /** Created by JUnit. */
    protected CatalogContract() {}

    /** Returns the format; any number of instances. */
    protected abstract IndexFormat format();

    private ImageInfo write(long size, LongPredicate holes) throws IOException {
        ImageSpec spec = new ImageSpec(BLOCK, CODEC, DigestAlgorithm.SHA256, null, Map.of());
        stored.clear();
        try (IndexWriter writer = format().write(repository, spec)) {
            for (long number = 0; number * BLOCK < size; number++) {
                long offset = number * BLOCK;
                int length = (int) Math.min(BLOCK, size - offset);
                StoredBlock at = holes.test(number) ? null : locate(writer, number);
                writer.append(new Block(offset, length, at));
            }
            return writer.finish(size);
        }
    }

    private StoredBlock locate(IndexWriter writer, long number) {
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES).putLong(0, number);
        StoredBlock at = writer.locate(Digest.of(DigestAlgorithm.SHA256, content), 7, CODEC);
        stored.add(at.path());
        return at;
    }

    @Test
    void theObjectsOfAnImageAreAllThatItsWriterPutAndNamed() throws Exception {
        write(3 * BLOCK, _ -> false); // another image, whose objects are not told
        int before = repository.journal().size();
        ImageInfo image = write(5000L * BLOCK + 7, number -> number % 4 == 1);
        Set<String> needed = new TreeSet<>(stored);
        repository.journal().stream()
                .skip(before)
                .filter(step -> step.action() == Action.PUT)
                .map(Step::path)
                .forEach(needed::add);
        Catalog catalog = format().catalog(repository);
        try (Stream<Item> objects = catalog.objects(image.digest())) {
            List<Item> all = objects.distinct().toList();
            assertThat(all).extracting(Item::path).containsExactlyInAnyOrderElementsOf(needed);
            assertThat(all.getLast().kind()).isEqualTo(Repository.Kind.DOCUMENT);
            assertThat(all.getLast().path()).isEqualTo(catalog.imagePath(image.digest()));
            assertThat(all.subList(0, all.size() - 1))
                    .allMatch(item -> item.kind() == Repository.Kind.BLOCK)
                    .allMatch(item -> catalog.isBlock(item.path()));
            assertThat(catalog.isBlock(all.getLast().path())).isFalse();
        }
        assertThat(catalog.isBlock(catalog.channelPath(Reference.STANDARD_CHANNEL))).isFalse();
        assertThat(catalog.isBlock("index.html")).isFalse();
    }

    @Test
    void theObjectsOfAnImageAreThoseBytes() throws Exception {
        ImageInfo image = write(3000L * BLOCK, _ -> false);
        try (Stream<Item> objects = format().catalog(repository).objects(image.digest())) {
            for (Item item : objects.filter(one -> !stored.contains(one.path())).toList()) {
                ByteBuffer bytes = repository.read(item.path(), item.length());
                if (item.digest().isPresent()) {
                    assertThat(item.digest().get().matches(bytes)).as(item.path()).isTrue();
                }
            }
        }
    }

    @Test
    void aChannelIsFoundByItsNameAndRemoved() throws Exception {
        Digest image = write(BLOCK, _ -> false).digest();
        Catalog catalog = format().catalog(repository);
        assertThat(catalog.channel("beta")).isEmpty();
        catalog.move("beta", image);
        assertThat(catalog.channel("beta")).contains(new Channel("beta", image, 1, List.of()));
        assertThat(repository.length(catalog.channelPath("beta"))).isPresent();
        catalog.removeChannel("beta");
        assertThat(repository.journal()).last().extracting(Step::action).isEqualTo(Action.SYNC);
        assertThat(catalog.channel("beta")).isEmpty();
        assertThatThrownBy(() -> catalog.removeChannel("beta"))
                .isInstanceOf(FetchException.Missing.class);
        catalog.remove(image);
    }

    @Test
    void whatCannotBeReadIsNamed() throws Exception {
        ImageInfo image = write(BLOCK, _ -> false);
        Catalog catalog = format().catalog(repository);
        catalog.move("beta", image.digest());
        assertThat(catalog.damaged()).isEmpty();
        String root = catalog.imagePath(image.digest());
        for (String path : List.of(root, catalog.channelPath("beta"))) {
            ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});
            repository.put(path, bytes, Repository.Kind.POINTER);
        }
        assertThat(catalog.damaged()).containsExactlyInAnyOrder(root, catalog.channelPath("beta"));
        assertThat(catalog.images()).isEmpty();
        assertThat(catalog.channels()).isEmpty();
        assertThatThrownBy(() -> catalog.channel("beta"))
                .isInstanceOf(FetchException.Corrupt.class);
    }

    @Test
    void aChannelThatCannotBeReadKeepsAllImages() throws Exception {
        Digest image = write(BLOCK, _ -> false).digest();
        Catalog catalog = format().catalog(repository);
        String channel = catalog.channelPath("beta");
        repository.put(channel, ByteBuffer.wrap(new byte[] {1, 2, 3}), Repository.Kind.POINTER);
        assertThatThrownBy(() -> catalog.remove(image))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining(channel);
        assertThat(catalog.images()).hasSize(1);
        repository.delete(channel);
        catalog.remove(image);
        assertThat(catalog.images()).isEmpty();
    }

    @Test
    void aDamagedImageIsRemoved() throws Exception {
        Digest image = write(BLOCK, _ -> false).digest();
        Catalog catalog = format().catalog(repository);
        String root = catalog.imagePath(image);
        repository.put(root, ByteBuffer.wrap(new byte[] {1, 2, 3}), Repository.Kind.POINTER);
        catalog.remove(image);
        assertThat(repository.length(root)).isEmpty();
    }

    @Test
    void aDamagedIndexDoesNotTellOfFewerObjects() throws Exception {
        ImageInfo image = write(1000L * BLOCK, _ -> false);
        Catalog catalog = format().catalog(repository);
        String part =
                repository.journal().stream()
                        .filter(step -> step.action() == Action.PUT)
                        .findFirst()
                        .orElseThrow()
                        .path();
        byte[] bytes = new byte[(int) repository.length(part).orElseThrow()];
        repository.read(part, bytes.length).get(bytes);
        bytes[bytes.length / 2] ^= 1;
        repository.put(part, ByteBuffer.wrap(bytes), Repository.Kind.BLOCK);
        assertThatThrownBy(() -> count(catalog, image))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(FetchException.Corrupt.class);
        repository.delete(part);
        assertThatThrownBy(() -> count(catalog, image))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(FetchException.Missing.class);
    }

    private static long count(Catalog catalog, ImageInfo image) throws IOException {
        try (Stream<Item> objects = catalog.objects(image.digest())) {
            return objects.filter(item -> item.length() > 0).count();
        }
    }

    @Test
    void anImageIsRemovedUnlessAChannelPointsToIt() throws Exception {
        Digest first = write(BLOCK, _ -> false).digest();
        Digest second = write(2 * BLOCK, _ -> false).digest();
        Catalog catalog = format().catalog(repository);
        catalog.move(Reference.STANDARD_CHANNEL, second);
        assertThatThrownBy(() -> catalog.remove(second))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Reference.STANDARD_CHANNEL)
                .hasMessageContaining(second.toString());
        catalog.remove(first);
        assertThat(repository.journal()).last().extracting(Step::action).isEqualTo(Action.SYNC);
        assertThat(catalog.images()).extracting(ImageInfo::digest).containsExactly(second);
        assertThat(catalog.channels()).extracting(Channel::image).containsExactly(second);
        assertThatThrownBy(() -> catalog.remove(first)).isInstanceOf(FetchException.Missing.class);
        assertThatThrownBy(() -> catalog.objects(first)).isInstanceOf(FetchException.Missing.class);
    }
}

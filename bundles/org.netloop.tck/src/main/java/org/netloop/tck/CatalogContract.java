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
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/** What the {@link Catalog} of a format promises that keeps images apart from their blocks. */
public abstract class CatalogContract {
    private static final int BLOCK = 64 << 10;
    private static final String CODEC = "zlib";

    private final MemoryRepository repository = new MemoryRepository();

    /** The paths of the stored blocks of the image that was written last. */
    private final Set<String> stored = new TreeSet<>();

    /** For JUnit. */
    protected CatalogContract() {}

    /** The format; any number of instances. */
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
        try (Stream<String> objects = format().catalog(repository).objects(image.digest())) {
            assertThat(objects.distinct()).containsExactlyInAnyOrderElementsOf(needed);
        }
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
        try (Stream<String> objects = catalog.objects(image.digest())) {
            return objects.filter(path -> !path.isEmpty()).count();
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

package org.netloop.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import org.junit.jupiter.api.Test;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.api.transport.Transport;
import org.netloop.tck.MemoryRepository;

import picocli.CommandLine;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Tests what a command that changes a repository takes for one. */
final class RepositoriesTest {
    private static final URI PLACE = URI.create("memory://joe:s3cret@host/");

    private final MemoryRepository repository = new MemoryRepository();
    private final Repositories repositories =
            new Repositories(
                    List.of(Map.entry(Map.of(Transport.SCHEMES, "memory"), new Memory())),
                    List.of(new Format()));

    @Test
    void aPlaceWithoutImagesIsRefusedAndStaysAsItIs() throws IOException {
        repository.put("letters/to-mother.txt", FakeCatalog.bytes("dear"), Kind.DOCUMENT);

        assertThatIOException()
                .isThrownBy(() -> repositories.openExisting(PLACE))
                .withMessageContainingAll("memory://", "it is not a repository, or an empty one")
                .withMessageNotContaining("s3cret");
        try (var objects = repository.list("")) {
            assertThat(objects.map(Repository.Entry::path))
                    .containsExactly("letters/to-mother.txt");
        }
    }

    @Test
    void blocksThatAnInterruptedPublisherLeftAreEnough() throws IOException {
        repository.putOnce("blocks/ab", FakeCatalog.bytes("b"), Kind.BLOCK);

        assertThat(repositories.openExisting(PLACE)).isSameAs(repository);
    }

    @Test
    void anImageOfAnyFormatIsEnough() throws IOException {
        new FakeCatalog(repository).publish();

        assertThat(repositories.openExisting(PLACE)).isSameAs(repository);
    }

    @Test
    void nothingIsMirroredFromAPlaceWithoutImagesNorMadeThere() throws IOException {
        SyncCommand sync = new SyncCommand(repositories, List.of());
        new CommandLine(sync).parseArgs("--format=fake", PLACE.toString(), "memory://other/");

        assertThatIOException()
                .isThrownBy(sync::call)
                .withMessageContainingAll("memory://", "it is not a repository, or an empty one")
                .withMessageNotContaining("s3cret");
        try (var objects = repository.list("")) {
            assertThat(objects).isEmpty();
        }
    }

    private final class Memory implements Transport {
        @Override
        public Fetched fetch(FetchRequest request, ByteBuffer into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Repository open(URI base) {
            return repository;
        }
    }

    private static final class Format implements IndexFormat {
        @Override
        public String id() {
            return "fake";
        }

        @Override
        public String entry(Reference reference) {
            return "fake";
        }

        @Override
        public boolean recognises(ByteBuffer head) {
            return false;
        }

        @Override
        public Index open(Reference reference, ObjectReader objects) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Catalog catalog(Repository of) {
            return new FakeCatalog(of);
        }
    }
}

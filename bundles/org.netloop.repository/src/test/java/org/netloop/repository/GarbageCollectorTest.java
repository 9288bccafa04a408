package org.netloop.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.publish.RepositoryUse.Purpose;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.tck.MemoryRepository;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class GarbageCollectorTest {
    private static final Duration NO_GRACE = Duration.ofDays(-1);

    private final MemoryRepository repository = new MemoryRepository();
    private final FakeCatalog catalog = new FakeCatalog(repository);

    private GarbageCollector.Collected collect(@Nullable Keep keep, Duration grace, boolean dryRun)
            throws Exception {
        try (RepositoryUse use =
                RepositoryUse.begin(repository, Purpose.REMOVING, "test", Duration.ZERO)) {
            return new GarbageCollector(repository, List.of(catalog), Optional.empty(), use, dryRun)
                    .run(keep, grace);
        }
    }

    private List<String> blocks() {
        try (Stream<Repository.Entry> entries = repository.list("blocks/")) {
            return entries.map(Repository.Entry::path).toList();
        }
    }

    @Test
    void whatNoImageNeedsIsRemovedAndNothingElse() throws Exception {
        catalog.publish("one", "two");
        Digest second = catalog.publish("two", "three");
        repository.put("notes/readme.txt", FakeCatalog.bytes("mine"), Kind.DOCUMENT);
        catalog.remove(second);
        GarbageCollector.Collected collected = collect(null, NO_GRACE, false);
        assertThat(blocks()).containsExactlyInAnyOrderElementsOf(FakeCatalog.blocks("one", "two"));
        assertThat(collected).isEqualTo(new GarbageCollector.Collected(0, 1, 5, 0, 2));
        assertThat(repository.length("notes/readme.txt")).isPresent();
    }

    @Test
    void whatWasPutLatelyStays() throws Exception {
        catalog.remove(catalog.publish("one"));
        assertThat(collect(null, Duration.ofMinutes(1), false).young()).isEqualTo(1);
        assertThat(blocks()).hasSize(1);
    }

    @Test
    void aDryRunRemovesNothing() throws Exception {
        catalog.remove(catalog.publish("one"));
        Digest old = catalog.publish("two");
        catalog.move("stable", catalog.publish("three"));
        Keep keep = new Keep(1, Duration.ZERO, List.of());
        GarbageCollector.Collected collected = collect(keep, NO_GRACE, true);
        assertThat(collected).isEqualTo(new GarbageCollector.Collected(1, 2, 6, 0, 1));
        assertThat(blocks()).hasSize(3);
        assertThat(repository.length(catalog.imagePath(old))).isPresent();
    }

    @Test
    void imagesThatChannelsLeftAreRemovedByTheRule() throws Exception {
        Digest one = catalog.publish("one");
        Digest two = catalog.publish("two");
        Digest three = catalog.publish("three");
        Digest chosen = catalog.publish("chosen");
        for (Digest image : List.of(one, two, three)) {
            catalog.move("stable", image);
        }
        collect(new Keep(2, Duration.ZERO, List.of(chosen)), NO_GRACE, false);
        assertThat(catalog.images()).hasSize(3);
        assertThat(repository.length(catalog.imagePath(one))).isEmpty();
        assertThat(blocks())
                .containsExactlyInAnyOrderElementsOf(FakeCatalog.blocks("two", "three", "chosen"));
    }

    @Test
    void anImageThatCannotBeReadStopsIt() throws Exception {
        catalog.remove(catalog.publish("garbage"));
        Digest image = catalog.publish("one");
        repository.put(catalog.imagePath(image), FakeCatalog.bytes("damaged"), Kind.DOCUMENT);
        assertThatThrownBy(() -> collect(null, NO_GRACE, false))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("nothing was removed")
                .hasMessageContaining(catalog.imagePath(image));
        assertThat(blocks()).hasSize(2);
    }

    @Test
    void whoIsTakenForDeadWhileItSweepsRemovesNothing() throws Exception {
        catalog.remove(catalog.publish("one"));
        FakeCatalog suspended =
                new FakeCatalog(repository) {
                    @Override
                    public boolean isBlock(String path) {
                        removeSigns();
                        return super.isBlock(path);
                    }
                };
        try (RepositoryUse use =
                RepositoryUse.begin(repository, Purpose.REMOVING, "test", Duration.ZERO)) {
            GarbageCollector collector =
                    new GarbageCollector(
                            repository, List.of(suspended), Optional.empty(), use, false);
            assertThatThrownBy(() -> collector.run(null, NO_GRACE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("run this again");
        }
        assertThat(blocks()).hasSize(1);
    }

    /** Does what whoever begins does with the signs of processes that died. */
    private void removeSigns() {
        try (Stream<Repository.Entry> signs = repository.list(RepositoryUse.DIRECTORY)) {
            signs.forEach(sign -> repository.delete(sign.path()));
        }
    }

    @Test
    void theFilterDeniesNothingThatWasAdded() {
        PathFilter filter = new PathFilter(100_000);
        for (int i = 0; i < 100_000; i++) {
            filter.add("blocks/" + i);
        }
        int wrong = 0;
        for (int i = 0; i < 100_000; i++) {
            assertThat(filter.mayContain("blocks/" + i)).isTrue();
            wrong += filter.mayContain("others/" + i) ? 1 : 0;
        }
        assertThat(wrong).isLessThan(3);
    }
}

package org.netloop.api.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.publish.RepositoryUse.Purpose;
import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

class RepositoryUseTest {
    private final SetClock clock = new SetClock();
    private final Signs repository = new Signs();

    private static final class SetClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** A repository whose storage has a clock of its own, an hour ahead. */
    private final class Signs implements Repository {
        private final Map<String, Entry> entries = new ConcurrentHashMap<>();
        private boolean lists = true;
        private Runnable afterDelete = () -> {};

        @Override
        public URI base() {
            return URI.create("memory:/signs/");
        }

        @Override
        public OptionalLong length(String path) {
            Entry entry = entries.get(path);
            return entry == null ? OptionalLong.empty() : OptionalLong.of(entry.length());
        }

        @Override
        public ByteBuffer read(String path, int maxLength) {
            return ByteBuffer.wrap(("who put " + path).getBytes(UTF_8));
        }

        @Override
        public void put(String path, ByteBuffer bytes, Kind kind) {
            Instant now = clock.instant().plus(Duration.ofHours(1));
            entries.put(path, new Entry(path, bytes.remaining(), now));
        }

        @Override
        public void sync() {}

        @Override
        public Stream<Entry> list(String prefix) {
            return lists
                    ? List.copyOf(entries.values()).stream()
                            .filter(entry -> entry.path().startsWith(prefix))
                    : Stream.empty();
        }

        @Override
        public void delete(String path) {
            entries.remove(path);
            afterDelete.run();
        }

        @Override
        public void close() {}
    }

    private RepositoryUse begin(Purpose purpose) throws IOException, InterruptedException {
        return RepositoryUse.begin(repository, purpose, purpose.name(), Duration.ZERO, clock);
    }

    /** The publisher ends once the sign of the one that removes is gone. */
    @Test
    @Timeout(20)
    void whoeverRemovesGivesWayAndBeginsAfterwards() throws Exception {
        RepositoryUse publishing = begin(Purpose.PUBLISHING);
        publishing.check();
        repository.afterDelete =
                () -> repository.entries.keySet().removeIf(one -> one.contains("publishing"));
        try (RepositoryUse removing =
                RepositoryUse.begin(
                        repository, Purpose.REMOVING, "gc", Duration.ofMinutes(1), clock)) {
            assertThat(repository.entries).hasSize(1);
            removing.check();
        }
        assertThat(repository.entries).isEmpty();
    }

    @Test
    void anyNumberMayPublish() throws Exception {
        try (RepositoryUse first = begin(Purpose.PUBLISHING);
                RepositoryUse second = begin(Purpose.PUBLISHING)) {
            first.check();
            second.check();
            assertThat(repository.entries).hasSize(2);
        }
        assertThat(repository.entries).isEmpty();
    }

    @Test
    void whoRemovesExcludesEverybody() throws Exception {
        try (RepositoryUse removing = begin(Purpose.REMOVING)) {
            for (Purpose purpose : Purpose.values()) {
                assertThatThrownBy(() -> begin(purpose))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("memory:/signs/ is in use by who put uses/removing-");
            }
            removing.check();
            assertThat(repository.entries).hasSize(1);
        }
        begin(Purpose.REMOVING).close();
    }

    @Test
    void whoPublishesExcludesWhoRemoves() throws Exception {
        try (RepositoryUse publishing = begin(Purpose.PUBLISHING)) {
            assertThatThrownBy(() -> begin(Purpose.REMOVING))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("uses/publishing-");
            publishing.check();
            assertThat(repository.entries).hasSize(1);
        }
    }

    @Test
    void aUseThatEndedIsWaitedFor() throws Exception {
        RepositoryUse publishing = begin(Purpose.PUBLISHING);
        FutureTask<RepositoryUse> removing =
                new FutureTask<>(
                        () ->
                                RepositoryUse.begin(
                                        repository,
                                        Purpose.REMOVING,
                                        "gc",
                                        Duration.ofDays(1),
                                        clock));
        Thread.ofVirtual().start(removing);
        publishing.close();
        removing.get().close();
        assertThat(repository.entries).isEmpty();
    }

    @Test
    void theSignOfAProcessThatDiedIsRemoved() throws Exception {
        begin(Purpose.PUBLISHING);
        clock.now = clock.now.plus(RepositoryUse.LIFETIME);
        assertThatThrownBy(() -> begin(Purpose.REMOVING)).isInstanceOf(IOException.class);
        clock.now = clock.now.plusMillis(1);
        begin(Purpose.REMOVING).close();
        assertThat(repository.entries).isEmpty();
    }

    @Test
    void aUseThatWasSuspendedForLongHasLostIt() throws Exception {
        try (RepositoryUse publishing = begin(Purpose.PUBLISHING)) {
            clock.now = clock.now.plus(RepositoryUse.LIFETIME).minusMillis(1);
            publishing.check();
            clock.now = clock.now.plusMillis(1);
            assertThatThrownBy(publishing::check)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("run this again");
        }
    }

    @Test
    void whoRemovesAndWasSuspendedWhileOthersPublishedHasLostItThoughItIsRefreshedAgain()
            throws Exception {
        RepositoryUse removing = begin(Purpose.REMOVING);
        clock.now = clock.now.plus(RepositoryUse.LIFETIME).plusMillis(1);
        try (RepositoryUse publishing = begin(Purpose.PUBLISHING)) {
            publishing.check();
        }
        removing.refresh();
        assertThat(removing.isLost()).isTrue();
        assertThat(repository.entries).isEmpty();
        assertThatThrownBy(removing::check).isInstanceOf(IOException.class);
    }

    @Test
    void whoseStorageDidNotAnswerForLongHasLostItForGood() throws Exception {
        RepositoryUse removing = begin(Purpose.REMOVING);
        clock.now = clock.now.plus(RepositoryUse.LIFETIME);
        removing.refresh();
        clock.now = clock.now.plusMillis(1);
        assertThatThrownBy(removing::check).isInstanceOf(IOException.class);
    }

    @Test
    void aUseWhoseSignOthersRemovedIsLostThoughItsClockStoodStill() throws Exception {
        RepositoryUse removing = begin(Purpose.REMOVING);
        repository.entries.clear();
        assertThat(removing.isLost()).isFalse();
        removing.refresh();
        assertThat(repository.entries).isEmpty();
        assertThatThrownBy(removing::check).isInstanceOf(IOException.class);
    }

    @Test
    void aUseThatIsRefreshedIsKept() throws Exception {
        try (RepositoryUse use = begin(Purpose.REMOVING)) {
            for (int i = 0; i < 3; i++) {
                clock.now = clock.now.plus(RepositoryUse.LIFETIME).minusMillis(1);
                use.refresh();
                use.check();
            }
            assertThat(use.isLost()).isFalse();
        }
    }

    @Test
    void theTimeOfTheStorageIsTold() throws Exception {
        try (RepositoryUse use = begin(Purpose.REMOVING)) {
            assertThat(use.began()).isEqualTo(clock.now.plus(Duration.ofHours(1)));
        }
    }

    @Test
    void aRepositoryThatDoesNotListWhatWasPutIsRefused() {
        repository.lists = false;
        assertThatThrownBy(() -> begin(Purpose.PUBLISHING))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be shared safely");
        assertThat(repository.entries).isEmpty();
    }
}

package org.netloop.api.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.Repository.Kind;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Tests what a transport gets that implements no more than it must. */
class RepositoryTest {
    private final MapRepository repository = new MapRepository().with("here", "bytes");

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static Digest digest(String text) {
        return Digest.of(DigestAlgorithm.SHA256, bytes(text));
    }

    @Test
    void whatIsPutOnceIsThereAfterwardsWhateverWasThere() throws IOException {
        for (String before : List.of("bytes", "other", "longer than it")) {
            repository.with("once", before);
            assertThat(repository.putOnce("once", bytes("bytes"), Kind.BLOCK))
                    .as(before)
                    .isEqualTo(before.equals("bytes"));
            assertThat(repository.text("once")).isEqualTo("bytes");
        }
        assertThat(repository.putOnce("new", bytes("bytes"), Kind.DOCUMENT)).isFalse();
        assertThat(repository.text("new")).isEqualTo("bytes");
        // Also where it was: its former publisher may have died before it was durable.
        assertThat(repository.actions)
                .containsExactly(
                        "put BLOCK once", "put BLOCK once", "put BLOCK once", "put DOCUMENT new");
    }

    @Test
    void anObjectIsHeldOnlyWithAllItsBytes() throws IOException {
        assertThat(repository.holds("here", digest("bytes"), 5)).isTrue();
        assertThat(repository.holds("here", digest("other"), 5)).isFalse();
        assertThat(repository.holds("here", digest("bytes"), 4)).isFalse();
        assertThat(repository.holds("away", digest("bytes"), 5)).isFalse();
    }

    @Test
    void whatIsDeletedWhileItIsLookedAtIsNotThere() throws IOException {
        Repository deleting = new Gone(new FetchException.Missing("deleted"));
        assertThat(deleting.holds("gone", digest("bytes"), 5)).isFalse();
        assertThat(deleting.putOnce("gone", bytes("bytes"), Kind.BLOCK)).isFalse();
        Repository replacing = new Gone(new FetchException.Corrupt("longer now"));
        assertThat(replacing.holds("gone", digest("bytes"), 5)).isFalse();
        Repository broken = new Gone(new IOException("disk"));
        assertThatThrownBy(() -> broken.holds("gone", digest("bytes"), 5)).hasMessage("disk");
        assertThatThrownBy(() -> broken.putOnce("gone", bytes("bytes"), Kind.BLOCK))
                .hasMessage("disk");
    }

    @Test
    void missingObjectsAreTold() throws IOException {
        assertThat(repository.missing(List.of("a", "here", "b"))).containsExactly("a", "b");
        assertThat(repository.missing(List.of("here"))).isEmpty();
    }

    @Test
    void aTransportOfWholeObjectsSaysSo() {
        assertThatThrownBy(() -> repository.write("image"))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("piece by piece to map:/repository/");
    }

    @Test
    void aTransportThatOnlyFetchesSaysSo() {
        Transport fetching = (_, _) -> new Fetched(0, null);
        assertThatThrownBy(() -> fetching.open(URI.create("x://host/")))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("the transport of 'x' only fetches");
    }

    /** A repository whose objects go between the look at their length and the reading. */
    private static final class Gone implements Repository {
        private final IOException failure;

        Gone(IOException failure) {
            this.failure = failure;
        }

        @Override
        public URI base() {
            return URI.create("gone:/");
        }

        @Override
        public OptionalLong length(String path) {
            return OptionalLong.of(5);
        }

        @Override
        public ByteBuffer read(String path, int maxLength) throws IOException {
            throw failure;
        }

        @Override
        public void put(String path, ByteBuffer bytes, Kind kind) {}

        @Override
        public void sync() {}

        @Override
        public Stream<Entry> list(String prefix) {
            return Stream.empty();
        }

        @Override
        public void delete(String path) {}

        @Override
        public void close() {}
    }
}

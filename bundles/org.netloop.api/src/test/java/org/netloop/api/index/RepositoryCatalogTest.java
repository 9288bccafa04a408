package org.netloop.api.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.MapRepository;
import org.netloop.api.transport.Repository.Kind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class RepositoryCatalogTest {
    private final MapRepository repository = new MapRepository();
    private final TextCatalog catalog = new TextCatalog();

    private static Digest digest(String text) {
        return Digest.of(
                DigestAlgorithm.SHA256, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private Digest image(String text) {
        Digest image = digest(text);
        repository.with(catalog.imagePath(image), text);
        return image;
    }

    private void channel(String name, Digest image) {
        repository.with(catalog.channelPath(name), image.toString());
    }

    @Test
    void anImageIsRemovedDurably() throws Exception {
        Digest image = image("one");
        channel("stable", image("two"));
        catalog.remove(image);
        assertThat(repository.actions)
                .containsExactly("delete " + catalog.imagePath(image), "sync");
    }

    @Test
    void anImageThatAChannelPointsToStays() {
        Digest image = image("one");
        channel("beta", image("two"));
        channel("stable", image);
        assertThatThrownBy(() -> catalog.remove(image))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("channel stable of map:/repository/ points to it");
        assertThat(repository.actions).isEmpty();
    }

    @Test
    void anImageThatIsNotThereIsMissing() {
        Digest foreign = Digest.of(DigestAlgorithm.SHA512_256, ByteBuffer.allocate(1));
        repository.with(catalog.imagePath(foreign), "named by another algorithm");
        for (Digest image : List.of(digest("none"), foreign)) {
            assertThatThrownBy(() -> catalog.remove(image))
                    .isInstanceOf(FetchException.Missing.class)
                    .hasMessage(
                            "nothing was removed: image " + image + " is not in map:/repository/");
        }
        assertThat(repository.actions).isEmpty();
    }

    @Test
    void aChannelIsRemovedDurablyAndItsImageStays() throws Exception {
        Digest image = image("one");
        channel("stable", image);
        catalog.removeChannel("stable");
        assertThat(repository.actions)
                .containsExactly("delete " + catalog.channelPath("stable"), "sync");
        assertThatThrownBy(() -> catalog.removeChannel("stable"))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessage("channel stable is not in map:/repository/");
        assertThat(repository.objects).containsOnlyKeys(catalog.imagePath(image));
    }

    @Test
    void anObjectIsReadWithTheBytesOfItsName() throws Exception {
        repository.with("part", "bytes");
        assertThat(catalog.verified("part", digest("bytes"), 5))
                .isEqualTo(ByteBuffer.wrap("bytes".getBytes(StandardCharsets.US_ASCII)));
        for (int length : new int[] {4, 6}) {
            assertThatThrownBy(() -> catalog.verified("part", digest("bytes"), length))
                    .isInstanceOf(FetchException.Corrupt.class);
        }
        assertThatThrownBy(() -> catalog.verified("part", digest("other"), 5))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessage("part in map:/repository/ has other bytes than those of its name");
        assertThatThrownBy(() -> catalog.verified("none", digest("bytes"), 5))
                .isInstanceOf(FetchException.Missing.class);
    }

    @Test
    void aStoredBlockIsAnItemByItsName() {
        StoredBlock block = StoredBlock.object(digest("x"), "blocks/x", 9, "zstd");
        assertThat(Catalog.Item.of(block))
                .isEqualTo(new Catalog.Item("blocks/x", Kind.BLOCK, 9, Optional.of(digest("x"))));
    }

    /** Channels are objects whose text is the digest of their image. */
    private final class TextCatalog extends RepositoryCatalog {
        TextCatalog() {
            super(repository);
        }

        @Override
        public List<Channel> channels() throws IOException {
            return channels(new ArrayList<>());
        }

        @Override
        protected List<Channel> channels(List<String> damaged) throws IOException {
            List<Channel> channels = new ArrayList<>();
            for (String path : repository.objects.keySet()) {
                if (path.startsWith("channels/")) {
                    Digest image = Digest.parse(repository.text(path));
                    channels.add(new Channel(path.substring(9), image, 1, List.of()));
                }
            }
            return channels;
        }

        @Override
        public String channelPath(String name) {
            return "channels/" + name;
        }

        @Override
        public String imagePath(Digest image) {
            return "images/" + image.hex();
        }

        @Override
        public List<ImageInfo> images() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> damaged() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Channel> channel(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void move(String channel, Digest image) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Stream<Item> objects(Digest image) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isBlock(String path) {
            throw new UnsupportedOperationException();
        }
    }
}

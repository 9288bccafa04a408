package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.codec.CodecException;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A format whose manifest is text; it insists that a repository holds what a manifest names,
 * durably.
 */
final class FakeFormat implements IndexFormat {
    final Map<Digest, List<Block>> images = new ConcurrentHashMap<>();
    final Map<String, Digest> channels = new ConcurrentHashMap<>();
    volatile boolean keepsBlocks = true;

    /** Set if blocks are named by their plain bytes. */
    volatile boolean chunks;

    @Override
    public String id() {
        return "fake";
    }

    @Override
    public String entry(Reference reference) {
        return "";
    }

    @Override
    public boolean recognises(ByteBuffer head) {
        return false;
    }

    @Override
    public Index open(Reference reference, ObjectReader objects) throws FetchException {
        throw new FetchException.Unsupported("not read");
    }

    /** The channel that each name gives. */
    volatile Optional<Catalog.Channel> pointsTo = Optional.empty();

    /** Set if it keeps a list of images. */
    volatile boolean hasCatalog = true;

    @Override
    public Catalog catalog(Repository repository) throws IOException {
        if (!hasCatalog) {
            return IndexFormat.super.catalog(repository);
        }
        return new FakeCatalog(repository);
    }

    @Override
    public IndexWriter write(Repository repository, ImageSpec spec) {
        return new Writer((FakeRepository) repository, spec);
    }

    /** The blocks of an image that was written. */
    List<Block> blocks(ImageInfo image) {
        return images.getOrDefault(image.digest(), List.of());
    }

    /** The plain bytes of an image, from the objects of a repository, each verified. */
    ByteBuffer read(FakeRepository repository, ImageInfo image, FakeCodec codec)
            throws CodecException {
        ByteBuffer plain = ByteBuffer.allocate((int) image.size());
        for (Block block : blocks(image)) {
            assertThat(plain.position()).isEqualTo((int) block.offset());
            StoredBlock stored = block.storedOrNull();
            int end = (int) block.end();
            if (stored != null) {
                ByteBuffer bytes =
                        ByteBuffer.wrap(
                                repository.objects.getOrDefault(stored.path(), new byte[0]));
                if (!chunks) {
                    assertThat(stored.key().matches(bytes)).as(stored.path()).isTrue();
                }
                if (stored.codec().equals(StoredBlock.PLAIN)) {
                    plain.put(bytes);
                } else {
                    codec.decode(bytes, plain);
                }
                assertThat(plain.position()).isEqualTo(end);
            }
            plain.position(end);
        }
        return plain.flip();
    }

    private final class Writer implements IndexWriter {
        private final FakeRepository repository;
        private final ImageSpec spec;
        private final List<Block> blocks = new ArrayList<>();
        private long end;

        Writer(FakeRepository repository, ImageSpec spec) {
            this.repository = repository;
            this.spec = spec;
        }

        @Override
        public boolean takesChunks() {
            return chunks;
        }

        @Override
        public StoredBlock locate(Digest digest, int length, String codec) {
            if (chunks) {
                return StoredBlock.chunk(
                        digest, length, "blocks/" + digest.hex(), 2 * length, codec);
            }
            return StoredBlock.object(digest, "blocks/" + digest.hex(), length, codec);
        }

        @Override
        public void append(Block block) {
            assertThat(block.offset()).isEqualTo(end);
            end = block.end();
            if (keepsBlocks) {
                blocks.add(block);
            }
        }

        @Override
        public ImageInfo finish(long size) throws IOException {
            assertThat(size).isEqualTo(end);
            repository.sync();
            for (Block block : blocks) {
                block.stored()
                        .ifPresent(
                                stored ->
                                        assertThat(repository.durable.get(stored.path()))
                                                .as("durable %s", stored.path())
                                                .hasSizeBetween(
                                                        chunks ? 1 : stored.length(),
                                                        stored.length()));
            }
            String manifest =
                    spec + "\n" + size + "\n" + new TreeMap<>(spec.labels()) + "\n" + blocks;
            ByteBuffer bytes = ByteBuffer.wrap(manifest.getBytes(StandardCharsets.UTF_8));
            Digest digest = Digest.of(spec.digest(), bytes);
            repository.put("images/" + digest.hex(), bytes, Repository.Kind.DOCUMENT);
            images.put(digest, List.copyOf(blocks));
            return new ImageInfo(
                    digest,
                    id(),
                    size,
                    spec.blockLength(),
                    spec.codec(),
                    null,
                    -1,
                    spec.labels(),
                    Verification.STORED);
        }

        @Override
        public void close() {}
    }

    /** The images and channels of the format, which is the whole repository. */
    private final class FakeCatalog implements Catalog {
        private final Repository repository;

        private FakeCatalog(Repository repository) {
            this.repository = repository;
        }

        @Override
        public List<ImageInfo> images() {
            return List.of();
        }

        @Override
        public List<Channel> channels() {
            return List.of();
        }

        @Override
        public void move(String channel, Digest image) {
            assertThat(repository.base()).isEqualTo(FakeRepository.BASE);
            channels.put(channel, image);
        }

        @Override
        public List<String> damaged() {
            return List.of();
        }

        @Override
        public Optional<Channel> channel(String name) {
            return pointsTo;
        }

        @Override
        public String channelPath(String name) {
            return "channels/" + name;
        }

        @Override
        public void removeChannel(String name) {
            channels.remove(name);
        }

        @Override
        public String imagePath(Digest image) {
            return "images/" + image.hex();
        }

        @Override
        public boolean isBlock(String path) {
            return path.startsWith("blocks/");
        }

        @Override
        public Stream<Item> objects(Digest image) {
            return Stream.concat(
                    images.getOrDefault(image, List.of()).stream()
                            .flatMap(block -> block.stored().stream())
                            .map(Item::of),
                    Stream.of(
                            new Item(
                                    "images/" + image.hex(),
                                    Repository.Kind.DOCUMENT,
                                    1 << 20,
                                    Optional.empty())));
        }

        @Override
        public void remove(Digest image) {
            images.remove(image);
        }
    }
}

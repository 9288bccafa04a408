package org.netloop.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Verification;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The simplest format there can be: an image is a text of the names of its blocks, a channel a text
 * of the digests it pointed to, the latest first.
 */
class FakeCatalog implements Catalog {
    static final Instant LEFT = Instant.parse("2026-01-01T00:00:00Z");
    private static final int MOST = 1 << 20;

    private final Repository repository;

    FakeCatalog(Repository repository) {
        this.repository = repository;
    }

    /** Publishes an image of blocks with those contents. */
    Digest publish(String... contents) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String content : contents) {
            Digest block = digest(content);
            repository.putOnce("blocks/" + block.hex(), bytes(content), Kind.BLOCK);
            text.append(block).append(' ').append(content.length()).append('\n');
        }
        Digest image = digest(text.toString());
        repository.put(imagePath(image), bytes(text.toString()), Kind.DOCUMENT);
        return image;
    }

    static Digest digest(String text) {
        return Digest.of(DigestAlgorithm.SHA256, bytes(text));
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private List<String> lines(String path) throws IOException {
        String text = UTF_8.decode(repository.read(path, MOST)).toString();
        if (text.contains("damaged")) {
            throw new FetchException.Corrupt(path + " is damaged");
        }
        return text.lines().toList();
    }

    private List<String> paths(String prefix) throws IOException {
        try (Stream<Repository.Entry> entries = repository.list(prefix)) {
            return entries.map(Repository.Entry::path).sorted().toList();
        }
    }

    @Override
    public List<ImageInfo> images() throws IOException {
        List<ImageInfo> images = new ArrayList<>();
        for (String path : paths("images/")) {
            if (path.endsWith(".sig")) {
                continue;
            }
            Digest digest =
                    Digest.ofHex(DigestAlgorithm.SHA256, path.substring("images/".length()));
            images.add(
                    new ImageInfo(
                            digest, "fake", 1, 1, "none", null, -1, Map.of(), Verification.STORED));
        }
        return images;
    }

    @Override
    public List<Channel> channels() throws IOException {
        List<Channel> channels = new ArrayList<>();
        for (String path : paths("channels/")) {
            if (path.endsWith(".sig")) {
                continue;
            }
            channel(path.substring("channels/".length())).ifPresent(channels::add);
        }
        return channels;
    }

    @Override
    public List<String> damaged() throws IOException {
        List<String> damaged = new ArrayList<>();
        for (String path : paths("images/")) {
            try {
                lines(path);
            } catch (FetchException.Corrupt _) {
                damaged.add(path);
            }
        }
        return damaged;
    }

    @Override
    public Optional<Channel> channel(String name) throws IOException {
        if (repository.length(channelPath(name)).isEmpty()) {
            return Optional.empty();
        }
        List<Digest> all = lines(channelPath(name)).stream().map(Digest::parse).toList();
        List<Move> history = new ArrayList<>();
        for (int i = 1; i < all.size(); i++) {
            history.add(new Move(all.get(i), (long) all.size() - i, LEFT));
        }
        return Optional.of(new Channel(name, all.getFirst(), all.size(), history));
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
    public void move(String channel, Digest image) throws IOException {
        String past =
                repository.length(channelPath(channel)).isEmpty()
                        ? ""
                        : String.join("\n", lines(channelPath(channel)));
        repository.put(channelPath(channel), bytes(image + "\n" + past), Kind.POINTER);
    }

    @Override
    public void removeChannel(String name) throws IOException {
        repository.delete(channelPath(name));
    }

    @Override
    public Stream<Item> objects(Digest image) throws IOException {
        String path = imagePath(image);
        Item root = new Item(path, Kind.DOCUMENT, MOST, Optional.of(image));
        return Stream.concat(lines(path).stream().map(FakeCatalog::item), Stream.of(root));
    }

    private static Item item(String line) {
        String[] parts = line.split(" ");
        Digest digest = Digest.parse(parts[0]);
        return new Item(
                "blocks/" + digest.hex(),
                Kind.BLOCK,
                Integer.parseInt(parts[1]),
                Optional.of(digest));
    }

    @Override
    public boolean isBlock(String path) {
        return path.startsWith("blocks/");
    }

    @Override
    public void remove(Digest image) throws IOException {
        repository.delete(imagePath(image));
    }

    /** The paths of the blocks with those contents. */
    static List<String> blocks(String... contents) {
        return Arrays.stream(contents).map(text -> "blocks/" + digest(text).hex()).toList();
    }
}

package org.netloop.format.idx;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Reference;
import org.netloop.api.index.RepositoryCatalog;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The index files of a directory. */
final class IdxCatalog extends RepositoryCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(IdxCatalog.class);

    IdxCatalog(Repository repository) {
        super(repository);
    }

    @Override
    public List<ImageInfo> images() throws IOException {
        List<ImageInfo> images = new ArrayList<>();
        for (String file : files()) {
            Root.File read = Layout.isImage(file) ? readOrNull(file, this::warn) : null;
            if (read != null && read.image().equals(Layout.imageOf(file))) {
                images.add(read.root().info(read.image()));
            }
        }
        return images;
    }

    @Override
    public List<Channel> channels() throws IOException {
        return channels(this::warn);
    }

    @Override
    protected List<Channel> channels(List<String> damaged) throws IOException {
        return channels((path, _) -> damaged.add(path));
    }

    private List<Channel> channels(BiConsumer<String, FetchException> leftOut) throws IOException {
        List<Channel> channels = new ArrayList<>();
        for (String file : files()) {
            Root.File read = Layout.isImage(file) ? null : readOrNull(file, leftOut);
            if (read != null) {
                channels.add(channel(Layout.channelOf(file), read));
            }
        }
        channels.sort(Comparator.comparing(Channel::name));
        return channels;
    }

    /** A root says how often its channel was moved, and not from where. */
    private static Channel channel(String name, Root.File file) {
        return new Channel(name, file.image(), file.sequence(), List.of());
    }

    @Override
    public Optional<Channel> channel(String name) throws IOException {
        try {
            return Optional.of(channel(name, read(channelPath(name))));
        } catch (FetchException.Missing _) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> damaged() throws IOException {
        List<String> damaged = new ArrayList<>();
        for (String file : files()) {
            try {
                Root.File read = read(file + Layout.SUFFIX);
                if (Layout.isImage(file) && !read.image().equals(Layout.imageOf(file))) {
                    damaged.add(file + Layout.SUFFIX);
                }
            } catch (FetchException.Missing e) {
                LOG.debug("{}.idx was deleted while it was listed", file, e);
            } catch (FetchException.Corrupt | FetchException.Unsupported _) {
                damaged.add(file + Layout.SUFFIX);
            }
        }
        return damaged;
    }

    @Override
    public String channelPath(String channel) {
        String name = new Reference(repository().base(), channel, null).channel().orElseThrow();
        if (!Layout.isChannel(name)) {
            throw new IllegalArgumentException(
                    "'"
                            + name
                            + "' is not a valid channel name in this format: its file would be that"
                            + " of another channel or image");
        }
        return Layout.channel(name);
    }

    @Override
    public String imagePath(Digest image) {
        return Layout.image(image);
    }

    @Override
    public boolean isBlock(String path) {
        return Layout.isBlock(path);
    }

    /** The names of the index files, without their suffix, sorted. */
    private List<String> files() throws IOException {
        try (Stream<Repository.Entry> entries = repository().list("")) {
            return entries.map(Repository.Entry::path)
                    .filter(path -> path.endsWith(Layout.SUFFIX) && path.indexOf('/') < 0)
                    .map(path -> path.substring(0, path.length() - Layout.SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    private Root.@Nullable File readOrNull(String file, BiConsumer<String, FetchException> leftOut)
            throws IOException {
        try {
            return read(file + Layout.SUFFIX);
        } catch (FetchException.Missing e) {
            LOG.debug("{}.idx was deleted while it was listed", file, e);
        } catch (FetchException.Corrupt | FetchException.Unsupported e) {
            leftOut.accept(file + Layout.SUFFIX, e);
        }
        return null;
    }

    private void warn(String path, FetchException reason) {
        LOG.warn("{} leaves out {}: {}", repository().base(), path, reason.getMessage());
    }

    private Root.File read(String path) throws IOException {
        return Root.parse(path, repository().read(path, Root.MAX_LENGTH));
    }

    @Override
    public void move(String channel, Digest image) throws IOException {
        String path = channelPath(channel);
        Root.File target = read(Layout.image(image));
        if (!target.image().equals(image)) {
            throw new FetchException.Corrupt(
                    "channel "
                            + channel
                            + " stays as it is: "
                            + Layout.image(image)
                            + " holds image "
                            + target.image());
        }
        long sequence = 1;
        if (repository().length(path).isPresent()) {
            Root.File old = read(path);
            if (old.image().equals(image)) {
                return;
            }
            sequence = old.sequence() + 1;
        }
        repository().put(path, target.root().write(sequence), Kind.POINTER);
        repository().sync();
    }

    @Override
    public Stream<Item> objects(Digest image) throws IOException {
        requirePresent(image, "");
        String path = Layout.image(image);
        Root.File file = read(path);
        if (!file.image().equals(image)) {
            throw new FetchException.Corrupt(
                    path + " in " + repository().base() + " holds image " + file.image());
        }
        return Stream.concat(
                file.root().parts().stream().flatMap(part -> objects(file.root(), part)),
                Stream.of(new Item(path, Kind.DOCUMENT, Root.MAX_LENGTH, Optional.empty())));
    }

    private Stream<Item> objects(Root root, Root.Reference part) {
        String path = Layout.block(part.digest());
        try {
            int length = Part.length(part.number(), root);
            ByteBuffer bytes = verified(path, part.digest(), length);
            Block[] entries = Part.parse(path, bytes, part.number(), root);
            return Stream.concat(
                    Stream.of(Item.block(path, length, part.digest())),
                    Stream.of(entries).flatMap(block -> block.stored().stream()).map(Item::of));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

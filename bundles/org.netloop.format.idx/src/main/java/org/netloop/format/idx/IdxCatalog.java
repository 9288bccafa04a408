package org.netloop.format.idx;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Reference;
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
import java.util.stream.Stream;

/** The index files of a directory. */
final class IdxCatalog implements Catalog {
    private static final Logger LOG = LoggerFactory.getLogger(IdxCatalog.class);

    private final Repository repository;

    IdxCatalog(Repository repository) {
        this.repository = repository;
    }

    @Override
    public List<ImageInfo> images() throws IOException {
        List<ImageInfo> images = new ArrayList<>();
        for (String file : files()) {
            Root.File read = Layout.isImage(file) ? readOrNull(file) : null;
            if (read != null && read.image().equals(Layout.imageOf(file))) {
                images.add(read.root().info(read.image()));
            }
        }
        return images;
    }

    @Override
    public List<Channel> channels() throws IOException {
        List<Channel> channels = new ArrayList<>();
        for (String file : files()) {
            Root.File read = Layout.isImage(file) ? null : readOrNull(file);
            if (read != null) {
                channels.add(new Channel(Layout.channelOf(file), read.image(), read.sequence()));
            }
        }
        channels.sort(Comparator.comparing(Channel::name));
        return channels;
    }

    /** The names of the index files, without their suffix, sorted. */
    private List<String> files() throws IOException {
        try (Stream<Repository.Entry> entries = repository.list("")) {
            return entries.map(Repository.Entry::path)
                    .filter(path -> path.endsWith(Layout.SUFFIX) && path.indexOf('/') < 0)
                    .map(path -> path.substring(0, path.length() - Layout.SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    private Root.@Nullable File readOrNull(String file) throws IOException {
        try {
            return read(file + Layout.SUFFIX);
        } catch (FetchException.Missing e) {
            LOG.debug("{}.idx was deleted while it was listed", file, e);
        } catch (FetchException.Corrupt | FetchException.Unsupported e) {
            LOG.warn("{} leaves out {}.idx: {}", repository.base(), file, e.getMessage());
        }
        return null;
    }

    private Root.File read(String path) throws IOException {
        return Root.parse(path, repository.read(path, Root.MAX_LENGTH));
    }

    @Override
    public void move(String channel, Digest image) throws IOException {
        String name = new Reference(repository.base(), channel, null).channel().orElseThrow();
        if (!Layout.isChannel(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name of a channel here: its file is that of another");
        }
        Root.File target = read(Layout.image(image));
        if (!target.image().equals(image)) {
            throw new FetchException.Corrupt(
                    "channel "
                            + name
                            + " stays as it is: "
                            + Layout.image(image)
                            + " holds image "
                            + target.image());
        }
        String path = Layout.channel(name);
        long sequence = 1;
        if (repository.length(path).isPresent()) {
            Root.File old = read(path);
            if (old.image().equals(image)) {
                return;
            }
            sequence = old.sequence() + 1;
        }
        repository.put(path, target.root().write(sequence), Kind.POINTER);
        repository.sync();
    }

    @Override
    public Stream<String> objects(Digest image) throws IOException {
        requirePresent(image);
        Root root = read(Layout.image(image)).root();
        return Stream.concat(
                Stream.of(Layout.image(image)),
                root.parts().stream().flatMap(part -> objects(root, part)));
    }

    private Stream<String> objects(Root root, Root.Reference part) {
        String path = Layout.block(part.digest());
        try {
            long first = (long) part.number() * Part.BLOCKS;
            long blocks = Part.blocks(root.size(), root.spec().blockLength());
            int count = (int) Math.min(Part.BLOCKS, blocks - first);
            int length = Part.length(count, root.spec().digest());
            ByteBuffer bytes = repository.read(path, length);
            if (bytes.remaining() != length || !part.digest().matches(bytes)) {
                throw new FetchException.Corrupt(
                        path
                                + " in "
                                + repository.base()
                                + " has other bytes than those of its name");
            }
            Block[] entries =
                    Part.parse(path, bytes.duplicate(), first, count, root.size(), root.spec());
            return Stream.concat(
                    Stream.of(path),
                    Stream.of(entries)
                            .flatMap(block -> block.stored().stream())
                            .map(StoredBlock::path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void remove(Digest image) throws IOException {
        requirePresent(image);
        for (Channel channel : channels()) {
            if (channel.image().equals(image)) {
                throw new IOException(
                        "image "
                                + image
                                + " stays: channel "
                                + channel.name()
                                + " of "
                                + repository.base()
                                + " points to it; point the channel to another image first");
            }
        }
        repository.delete(Layout.image(image));
        repository.sync();
    }

    private void requirePresent(Digest image) throws IOException {
        if (image.algorithm() != DigestAlgorithm.SHA256
                || repository.length(Layout.image(image)).isEmpty()) {
            throw new FetchException.Missing("image " + image + " is not in " + repository.base());
        }
    }
}

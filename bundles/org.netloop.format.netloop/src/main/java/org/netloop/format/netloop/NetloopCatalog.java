package org.netloop.format.netloop;

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
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The channels and images of a repository. */
final class NetloopCatalog implements Catalog {
    private static final Logger LOG = LoggerFactory.getLogger(NetloopCatalog.class);

    private final Repository repository;

    NetloopCatalog(Repository repository) {
        this.repository = repository;
    }

    /** Reads an object of a listing into an entry of a list. */
    @FunctionalInterface
    private interface Entry<T> {
        T read(String name) throws IOException;
    }

    @Override
    public List<ImageInfo> images() throws IOException {
        return all(
                Layout.IMAGES,
                name -> {
                    Digest digest = Digest.ofHex(DigestAlgorithm.SHA256, name);
                    return manifest(digest).info(digest);
                });
    }

    @Override
    public List<Channel> channels() throws IOException {
        return all(
                Layout.CHANNELS,
                name -> {
                    ChannelDocument document = document(channelPath(name));
                    return new Channel(name, document.image(), document.sequence());
                });
    }

    private <T> List<T> all(String prefix, Entry<T> entry) throws IOException {
        List<T> all = new ArrayList<>();
        for (String name : names(prefix)) {
            try {
                all.add(entry.read(name));
            } catch (FetchException.Missing e) {
                LOG.debug("{}{} was deleted while it was listed", prefix, name, e);
            } catch (FetchException.Corrupt
                    | FetchException.Unsupported
                    | IllegalArgumentException e) {
                LOG.warn(
                        "{} leaves out {}{}{}: {}",
                        repository.base(),
                        prefix,
                        name,
                        Layout.SUFFIX,
                        e.getMessage());
            }
        }
        return all;
    }

    private List<String> names(String prefix) throws IOException {
        try (Stream<Repository.Entry> entries = repository.list(prefix)) {
            return entries.map(Repository.Entry::path)
                    .filter(path -> path.endsWith(Layout.SUFFIX))
                    .map(path -> path.substring(prefix.length()))
                    .map(name -> name.substring(0, name.length() - Layout.SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    private Manifest manifest(Digest image) throws IOException {
        String path = Layout.image(image);
        return NetloopFormat.parse(path, image, repository.read(path, Manifest.MAX_LENGTH));
    }

    private ChannelDocument document(String path) throws IOException {
        return ChannelDocument.parse(path, repository.read(path, ChannelDocument.MAX_LENGTH));
    }

    /** A channel's path, once its name is known to be one. */
    private String channelPath(String name) {
        return Layout.channel(new Reference(repository.base(), name, null).channel().orElseThrow());
    }

    @Override
    public void move(String channel, Digest image) throws IOException {
        String path = channelPath(channel);
        int length = lengthOfManifest(channel, image);
        long sequence = 1;
        OptionalLong there = repository.length(path);
        if (there.isPresent()) {
            ChannelDocument old = old(path);
            if (old.image().equals(image)) {
                return;
            }
            sequence = old.sequence() + 1;
        }
        ByteBuffer next = new ChannelDocument(image, length, sequence).write();
        repository.put(path, next, Kind.POINTER);
        repository.sync();
    }

    @Override
    public Stream<String> objects(Digest image) throws IOException {
        requirePresent(image, "");
        Manifest manifest = manifest(image);
        return Stream.concat(
                Stream.of(Layout.image(image)),
                manifest.segments().stream().flatMap(segment -> objects(manifest, segment)));
    }

    private Stream<String> objects(Manifest manifest, SegmentReference segment) {
        try {
            String path = Layout.block(segment.digest());
            ByteBuffer bytes = segment(path, segment);
            Block[] blocks =
                    Segment.parse(path, bytes, segment.number(), manifest.size(), manifest.spec());
            return Stream.concat(
                    Stream.of(path),
                    Stream.of(blocks)
                            .flatMap(block -> block.stored().stream())
                            .map(StoredBlock::path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ByteBuffer segment(String path, SegmentReference segment) throws IOException {
        if (!segment.codec().equals(StoredBlock.PLAIN)) {
            throw new FetchException.Unsupported(
                    path
                            + " in "
                            + repository.base()
                            + " is a segment encoded with '"
                            + segment.codec()
                            + "'; the objects of its image can only be told with plain segments");
        }
        ByteBuffer bytes = repository.read(path, segment.length());
        if (!segment.digest().matches(bytes)) {
            throw new FetchException.Corrupt(
                    path + " in " + repository.base() + " has other bytes than those of its name");
        }
        return bytes;
    }

    @Override
    public void remove(Digest image) throws IOException {
        requirePresent(image, "nothing was removed: ");
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

    private void requirePresent(Digest image, String consequence) throws IOException {
        if (image.algorithm() != DigestAlgorithm.SHA256
                || repository.length(Layout.image(image)).isEmpty()) {
            throw new FetchException.Missing(
                    consequence + "image " + image + " is not in " + repository.base());
        }
    }

    /** Reads the manifest to its end: a channel never points to what cannot be opened. */
    private int lengthOfManifest(String channel, Digest image) throws IOException {
        String path = Layout.image(image);
        requirePresent(image, "channel " + channel + " stays as it is: ");
        ByteBuffer bytes = repository.read(path, Manifest.MAX_LENGTH);
        int length = bytes.remaining();
        NetloopFormat.parse(path, image, bytes);
        return length;
    }

    private ChannelDocument old(String path) throws IOException {
        try {
            ChannelDocument old = document(path);
            if (old.sequence() < ChannelDocument.MAX_SEQUENCE) {
                return old;
            }
            throw new FetchException.Corrupt(path + " has the last sequence there is");
        } catch (FetchException.Corrupt e) {
            throw new FetchException.Corrupt(
                    "the channel stays as it is, as its sequence cannot be told ("
                            + e.getMessage()
                            + "): delete it from "
                            + repository.base()
                            + " to begin it anew",
                    e);
        }
    }
}

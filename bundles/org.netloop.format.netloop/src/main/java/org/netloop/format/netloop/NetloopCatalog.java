package org.netloop.format.netloop;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The channels and images of a repository. */
final class NetloopCatalog extends RepositoryCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(NetloopCatalog.class);

    private final InstantSource clock;

    NetloopCatalog(Repository repository, InstantSource clock) {
        super(repository);
        this.clock = clock;
    }

    /** Reads an object of a listing into an entry of a list. */
    @FunctionalInterface
    private interface Entry<T> {
        T read(String name) throws IOException;
    }

    @Override
    public List<ImageInfo> images() throws IOException {
        return all(Layout.IMAGES, this::info, (name, reason) -> warn(Layout.IMAGES, name, reason));
    }

    private ImageInfo info(String name) throws IOException {
        Digest digest = Digest.ofHex(DigestAlgorithm.SHA256, name);
        return manifest(digest).info(digest);
    }

    @Override
    public List<Channel> channels() throws IOException {
        return all(
                Layout.CHANNELS, this::read, (name, reason) -> warn(Layout.CHANNELS, name, reason));
    }

    @Override
    protected List<Channel> channels(List<String> damaged) throws IOException {
        return all(
                Layout.CHANNELS,
                this::read,
                (name, why) -> add(damaged, Layout.CHANNELS, name, why));
    }

    private Channel read(String name) throws IOException {
        ChannelDocument document = document(channelPath(name));
        return new Channel(name, document.image(), document.sequence(), document.history());
    }

    @Override
    public Optional<Channel> channel(String name) throws IOException {
        try {
            return Optional.of(read(name));
        } catch (FetchException.Missing _) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> damaged() throws IOException {
        List<String> damaged = new ArrayList<>();
        all(Layout.IMAGES, this::info, (name, why) -> add(damaged, Layout.IMAGES, name, why));
        channels(damaged);
        return damaged;
    }

    /** A name that is not that of an image or a channel belongs to somebody else. */
    private static void add(List<String> damaged, String prefix, String name, Exception reason) {
        if (reason instanceof FetchException) {
            damaged.add(prefix + name + Layout.SUFFIX);
        }
    }

    private void warn(String prefix, String name, Exception reason) {
        LOG.warn(
                "{} leaves out {}{}{}: {}",
                repository().base(),
                prefix,
                name,
                Layout.SUFFIX,
                reason.getMessage());
    }

    private <T> List<T> all(String prefix, Entry<T> entry, BiConsumer<String, Exception> leftOut)
            throws IOException {
        List<T> all = new ArrayList<>();
        for (String name : names(prefix)) {
            try {
                all.add(entry.read(name));
            } catch (FetchException.Missing e) {
                LOG.debug("{}{} was deleted while it was listed", prefix, name, e);
            } catch (FetchException.Corrupt
                    | FetchException.Unsupported
                    | IllegalArgumentException e) {
                leftOut.accept(name, e);
            }
        }
        return all;
    }

    private List<String> names(String prefix) throws IOException {
        try (Stream<Repository.Entry> entries = repository().list(prefix)) {
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
        return NetloopFormat.parse(path, image, repository().read(path, Manifest.MAX_LENGTH));
    }

    private ChannelDocument document(String path) throws IOException {
        return ChannelDocument.parse(path, repository().read(path, ChannelDocument.MAX_LENGTH));
    }

    @Override
    public String channelPath(String name) {
        return Layout.channel(
                new Reference(repository().base(), name, null).channel().orElseThrow());
    }

    @Override
    public void move(String channel, Digest image) throws IOException {
        String path = channelPath(channel);
        int length = lengthOfManifest(channel, image);
        ChannelDocument next = new ChannelDocument(image, length, 1, List.of());
        if (repository().length(path).isPresent()) {
            ChannelDocument old = old(path);
            if (old.image().equals(image)) {
                return;
            }
            next = old.moved(image, length, clock.instant());
        }
        repository().put(path, next.write(), Kind.POINTER);
        repository().sync();
    }

    @Override
    public String imagePath(Digest image) {
        return Layout.image(image);
    }

    @Override
    public boolean isBlock(String path) {
        return Layout.isBlock(path);
    }

    @Override
    public Stream<Item> objects(Digest image) throws IOException {
        requirePresent(image, "");
        Manifest manifest = manifest(image);
        Item root =
                new Item(
                        Layout.image(image),
                        Kind.DOCUMENT,
                        Manifest.MAX_LENGTH,
                        Optional.of(image));
        return Stream.of(
                        manifest.segments().stream().flatMap(segment -> objects(manifest, segment)),
                        manifest.deltas().tables().stream()
                                .flatMap(table -> objects(manifest, table)),
                        Stream.of(root))
                .flatMap(part -> part);
    }

    /** The table and the objects with the deltas: once its readers are told of them, all needed. */
    private Stream<Item> objects(Manifest manifest, DeltaTables.Table table) {
        try {
            ByteBuffer bytes = verified(table.path(), table.digest(), table.length());
            List<DeltaObject> objects =
                    DeltaTable.parse(
                                    table.path(),
                                    bytes,
                                    table.segment(),
                                    manifest.size(),
                                    manifest.spec())
                            .objects();
            return Stream.concat(
                    Stream.of(Item.of(table.object())),
                    objects.stream()
                            .map(
                                    object ->
                                            Item.block(
                                                    object.path(),
                                                    object.length(),
                                                    object.digest())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stream<Item> objects(Manifest manifest, SegmentReference segment) {
        try {
            String path = Layout.block(segment.digest());
            ByteBuffer bytes = segment(path, segment);
            Block[] blocks =
                    Segment.parse(path, bytes, segment.number(), manifest.size(), manifest.spec());
            return Stream.concat(
                    Stream.of(Item.block(path, segment.length(), segment.digest())),
                    Stream.of(blocks).flatMap(block -> block.stored().stream()).map(Item::of));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ByteBuffer segment(String path, SegmentReference segment) throws IOException {
        if (!segment.codec().equals(StoredBlock.PLAIN)) {
            throw new FetchException.Unsupported(
                    path
                            + " in "
                            + repository().base()
                            + " is a segment encoded with '"
                            + segment.codec()
                            + "'; the objects of its image can only be listed with plain segments");
        }
        return verified(path, segment.digest(), segment.length());
    }

    /** Reads the manifest to its end: a channel never points to what cannot be opened. */
    private int lengthOfManifest(String channel, Digest image) throws IOException {
        String path = Layout.image(image);
        requirePresent(image, "channel " + channel + " stays as it is: ");
        ByteBuffer bytes = repository().read(path, Manifest.MAX_LENGTH);
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
                    "the channel stays as it is, because its sequence cannot be determined ("
                            + e.getMessage()
                            + "): delete it from "
                            + repository().base()
                            + " to start it again",
                    e);
        }
    }
}

package org.netloop.format.netloop;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The channels and images of a repository. */
final class NetloopCatalog implements Catalog {
    private static final Logger LOG = LoggerFactory.getLogger(NetloopCatalog.class);

    private final Repository repository;

    NetloopCatalog(Repository repository) {
        this.repository = repository;
    }

    private List<String> names(String prefix) throws IOException {
        try (Stream<Repository.Entry> entries = repository.list(prefix)) {
            return entries.map(Repository.Entry::path)
                    .filter(path -> path.endsWith(Layout.SUFFIX))
                    .map(
                            path ->
                                    path.substring(
                                            prefix.length(),
                                            path.length() - Layout.SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public List<ImageInfo> images() throws IOException {
        List<ImageInfo> images = new ArrayList<>();
        for (String hex : names(Layout.IMAGES)) {
            ImageInfo image = image(hex);
            if (image != null) {
                images.add(image);
            }
        }
        return images;
    }

    private @Nullable ImageInfo image(String hex) throws IOException {
        try {
            Digest digest = Digest.ofHex(DigestAlgorithm.SHA256, hex);
            String path = Layout.image(digest);
            ByteBuffer bytes = repository.read(path, Manifest.MAX_LENGTH);
            if (!digest.matches(bytes)) {
                throw new FetchException.Corrupt(path + " has other bytes than its name says");
            }
            return Manifest.parse(path, bytes).info(digest);
        } catch (FetchException.Corrupt | IllegalArgumentException e) {
            LOG.warn("{} has a damaged image: {}", repository.base(), e.getMessage());
            return null;
        }
    }

    @Override
    public List<Channel> channels() throws IOException {
        List<Channel> channels = new ArrayList<>();
        for (String name : names(Layout.CHANNELS)) {
            try {
                ChannelDocument document = read(Layout.channel(name));
                channels.add(new Channel(name, document.image(), document.sequence()));
            } catch (FetchException.Corrupt e) {
                LOG.warn("{} has a damaged channel: {}", repository.base(), e.getMessage());
            }
        }
        return channels;
    }

    private ChannelDocument read(String path) throws IOException {
        return ChannelDocument.parse(path, repository.read(path, ChannelDocument.MAX_LENGTH));
    }

    @Override
    public void move(String channel, Digest image) throws IOException {
        String path = Layout.channel(channel);
        long length =
                repository
                        .length(Layout.image(image))
                        .orElseThrow(
                                () ->
                                        new FetchException.Missing(
                                                "channel "
                                                        + channel
                                                        + " stays as it is: image "
                                                        + image
                                                        + " is not in "
                                                        + repository.base()));
        long sequence = 1;
        if (repository.length(path).isPresent()) {
            ChannelDocument old = read(path);
            if (old.image().equals(image)) {
                return;
            }
            sequence = old.sequence() + 1;
        }
        ChannelDocument next = new ChannelDocument(image, Math.toIntExact(length), sequence);
        repository.put(path, next.write(), Kind.MUTABLE);
        repository.sync();
    }
}

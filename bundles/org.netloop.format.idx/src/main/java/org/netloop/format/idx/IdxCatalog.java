package org.netloop.format.idx;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
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
        repository.put(path, target.root().write(sequence), Kind.MUTABLE);
        repository.sync();
    }
}

package org.netloop.repository;

import org.netloop.api.block.Digest;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.Catalog.Channel;
import org.netloop.api.index.Catalog.Item;
import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.api.trust.Statement;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * Copies images and channels from one repository to another: what is missing there, verified on the
 * way. Blocks are durable before the root of an image names them, and roots before a channel does,
 * so the destination is whole whenever this ends. Used once, by one thread.
 */
final class Synchronizer {
    /** Number of objects looked up, and then copied, at a time; bounds memory. */
    private static final int BATCH = 4096;

    private final Repository source;
    private final Catalog from;
    private final Repository destination;
    private final Catalog to;
    private final RepositoryUse use;
    private final Settings settings;

    private long copied;
    private long bytes;
    private long present;

    /**
     * The manner of copying.
     *
     * @param parallel how many objects are copied at a time, at least 1
     * @param check whether objects that are there already are read and verified too
     */
    record Settings(int parallel, boolean check) {}

    /**
     * The outcome.
     *
     * @param objects how many objects were copied
     * @param bytes how many bytes they have
     * @param present how many were there already
     */
    record Copied(long objects, long bytes, long present) {}

    /**
     * Creates one.
     *
     * @param use of the destination, while it is open
     */
    Synchronizer(
            Repository source,
            Catalog from,
            Repository destination,
            Catalog to,
            RepositoryUse use,
            Settings settings) {
        this.source = source;
        this.from = from;
        this.destination = destination;
        this.to = to;
        this.use = use;
        this.settings = settings;
    }

    /** Copies all objects of an image, its root last; durably. */
    void image(Digest image) throws IOException, InterruptedException {
        boolean verified = settings.check() || mayBeTorn(image);
        Item root = null;
        try (Stream<Item> items = from.objects(image)) {
            Map<String, Item> batch = new LinkedHashMap<>();
            for (Iterator<Item> next = items.iterator(); next.hasNext(); ) {
                Item item = next.next();
                if (item.kind() == Kind.DOCUMENT) {
                    root = item;
                    continue;
                }
                batch.put(item.path(), item);
                if (batch.size() == BATCH) {
                    copyMissing(batch, verified);
                }
            }
            copyMissing(batch, verified);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        destination.sync();
        if (root != null) {
            use.check();
            statement(root.path());
            copyMissing(new LinkedHashMap<>(Map.of(root.path(), root)), settings.check());
            destination.sync();
        }
    }

    /** Copies objects that nothing vouches for: profiles, and what they need; durably. */
    void others(Iterable<String> paths, int maxLength) throws IOException {
        boolean any = false;
        for (String path : paths) {
            statement(path);
            ByteBuffer there = source.read(path, maxLength);
            bytes += there.remaining();
            destination.put(path, there, Kind.POINTER);
            copied++;
            any = true;
        }
        if (any) {
            destination.sync();
        }
    }

    /**
     * Returns whether a power cut may have left blocks of an image that are not whole, as they were
     * not durable yet. Once its root is there, they are.
     */
    private boolean mayBeTorn(Digest image) throws IOException {
        return !destination.showsDurableOnly() && destination.length(to.imagePath(image)).isEmpty();
    }

    /**
     * Copies what is missing of some objects.
     *
     * @param verified whether those that are there are read, and copied unless they are whole
     */
    private void copyMissing(Map<String, Item> batch, boolean verified)
            throws IOException, InterruptedException {
        List<Item> wanted = verified ? List.copyOf(batch.values()) : missing(batch);
        present += batch.size() - wanted.size();
        batch.clear();
        Semaphore slots = new Semaphore(settings.parallel());
        List<Future<OptionalInt>> running = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Item item : wanted) {
                slots.acquire();
                running.add(
                        workers.submit(
                                () -> {
                                    try {
                                        return verified && isWhole(item)
                                                ? OptionalInt.empty()
                                                : OptionalInt.of(copy(item));
                                    } finally {
                                        slots.release();
                                    }
                                }));
            }
            for (Future<OptionalInt> one : running) {
                count(one.get());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException("copying failed", e.getCause());
        }
    }

    private void count(OptionalInt length) {
        if (length.isPresent()) {
            bytes += length.getAsInt();
            copied++;
        } else {
            present++;
        }
    }

    private List<Item> missing(Map<String, Item> batch) throws IOException {
        Set<String> missing = new HashSet<>(destination.missing(List.copyOf(batch.keySet())));
        return batch.values().stream().filter(item -> missing.contains(item.path())).toList();
    }

    private boolean isWhole(Item item) throws IOException {
        return item.digest().isPresent()
                && item.kind() == Kind.BLOCK
                && destination.holds(item.path(), item.digest().get(), item.length());
    }

    private int copy(Item item) throws IOException {
        ByteBuffer read = source.read(item.path(), item.length());
        if (item.digest().isPresent() && !item.digest().get().matches(read.duplicate())) {
            throw new FetchException.Corrupt(
                    item.path()
                            + " of "
                            + source.base()
                            + " has other bytes than those of its digest; it was not copied, and"
                            + " neither was the image that needs it");
        }
        int length = read.remaining();
        destination.putOnce(item.path(), read, item.kind());
        return length;
    }

    /**
     * Puts a channel byte for byte, once its image is there.
     *
     * @return false if the destination has that position already
     * @throws IOException if the destination has a later one: a mirror never goes back
     */
    boolean channel(Pointer pointer) throws IOException {
        Channel channel = pointer.channel();
        Channel there = to.channel(channel.name()).orElse(null);
        if (there != null && there.sequence() > channel.sequence()) {
            throw stays(
                    channel,
                    "the destination has sequence "
                            + there.sequence()
                            + ", the source only "
                            + channel.sequence()
                            + "; is it an old copy?");
        }
        boolean moves = there == null || there.sequence() < channel.sequence();
        if (there != null && !moves && !there.image().equals(channel.image())) {
            throw stays(
                    channel,
                    "both repositories moved it to sequence "
                            + channel.sequence()
                            + ", to different images; publish to one of them only");
        }
        // Also where it did not move: it may have been signed again.
        if (moves || pointer.statement() != null) {
            pointer.put(destination, to.channelPath(channel.name()));
        }
        return moves;
    }

    private static IOException stays(Channel channel, String reason) {
        return new IOException("channel " + channel.name() + " stays as it is: " + reason);
    }

    /** Copies what vouches for an object, if it is signed: nobody can do that in its place. */
    private void statement(String path) throws IOException {
        ByteBuffer there = Pointer.statement(source, path);
        if (there != null) {
            destination.put(Statement.pathOf(path), there, Kind.POINTER);
        }
    }

    Copied copied() {
        return new Copied(copied, bytes, present);
    }
}

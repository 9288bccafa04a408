package org.netloop.cache.redis;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Blocks on a server, and those on their way there. Thread-safe. */
final class SharedBlocks implements BlockCache, Closeable {
    private final Settings settings;
    private final Figures figures = new Figures();
    private final Backlog backlog;
    private final Link link;
    private final Sender sender;

    SharedBlocks(Settings settings, Link.Server server) {
        this.settings = settings;
        this.backlog = new Backlog(settings.queueBytes());
        // One more than readers have: the sender's.
        Calls calls = new Calls(settings.connections() + 1);
        this.link = new Link(settings.name(), server, settings.lookUp(), calls, figures);
        this.sender = new Sender(settings.prefix(), settings.answer(), link, backlog, figures);
    }

    /** Bytes on the heap, which the collector has. */
    private record Held(ByteBuffer content) implements Cached {
        @Override
        public ByteBuffer bytes() {
            return content.duplicate();
        }

        @Override
        public void close() {
            // Nothing is to be given back.
        }
    }

    /**
     * Connects, or goes on trying to; waits for the first attempt as long as an answer may take.
     */
    void start() throws InterruptedException {
        link.start(settings.answer());
        sender.start();
    }

    private byte[] name(Digest key) {
        return (settings.prefix() + key).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable Cached get(Digest key) {
        Backlog.Change change = backlog.find(key);
        byte[] bytes = change == null ? fetched(key) : change.bytes();
        if (bytes == null) {
            figures.misses.increment();
            return null;
        }
        figures.hits.increment();
        return new Held(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }

    /** One byte more than is accepted is asked for: enough to see that it is too long. */
    private byte @Nullable [] fetched(Digest key) {
        if (!link.isUp()) {
            return null;
        }
        byte[] name = name(key);
        long began = System.nanoTime();
        byte[] bytes = link.ask(client -> client.getrange(name, 0, settings.longest()));
        if (bytes == null) {
            return null;
        }
        figures.lookUps.since(began);
        // A longer one may be right: another machine may accept longer ones.
        return bytes.length == 0 || bytes.length > settings.longest() ? null : bytes;
    }

    @Override
    public boolean contains(Digest key) {
        Backlog.Change change = backlog.find(key);
        if (change != null) {
            return change.bytes() != null;
        }
        byte[] name = name(key);
        return Boolean.TRUE.equals(link.ask(client -> client.exists(name)));
    }

    @Override
    public void put(Digest key, ByteBuffer bytes) {
        if (bytes.remaining() <= settings.longest() && sender.takesBlocks()) {
            backlog.put(key, bytes);
        }
    }

    @Override
    public void remove(Digest key) {
        figures.wrong.increment();
        if (link.isUp()) {
            backlog.remove(key);
        }
        link.lied();
    }

    @Override
    public CacheStatistics statistics() {
        Described server = sender.described();
        return new CacheStatistics(
                server.blocks(),
                server.used(),
                server.budget(),
                figures.hits.sum(),
                figures.misses.sum(),
                server.evicted(),
                figures.wrong.sum());
    }

    /** Returns what was counted. */
    Figures figures() {
        return figures;
    }

    /** Returns the way to the server. */
    Link link() {
        return link;
    }

    /** Returns what sends blocks. */
    Sender sender() {
        return sender;
    }

    /** Returns what waits to be sent. */
    Backlog backlog() {
        return backlog;
    }

    @Override
    public void close() {
        sender.close();
        link.close();
        backlog.close();
    }
}

package org.netloop.api.transport;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Repository in a map, which keeps a list of what was done to it. Used by one thread. */
public final class MapRepository implements Repository {
    public final SortedMap<String, byte[]> objects = new TreeMap<>();

    /**
     * Actions with their paths, in order: {@code put POINTER a}, {@code delete a}, {@code sync}.
     */
    public final List<String> actions = new ArrayList<>();

    /** Answers whether what can be seen is durable. */
    public boolean durable;

    /** Puts an object without noting it. */
    public MapRepository with(String path, String text) {
        objects.put(path, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Returns the text of an object. */
    public String text(String path) throws IOException {
        return StandardCharsets.UTF_8.decode(read(path, Integer.MAX_VALUE)).toString();
    }

    @Override
    public boolean showsDurableOnly() {
        return durable;
    }

    @Override
    public URI base() {
        return URI.create("map:/repository/");
    }

    @Override
    public OptionalLong length(String path) {
        byte[] bytes = objects.get(path);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
    }

    @Override
    public ByteBuffer read(String path, int maxLength) throws IOException {
        byte[] bytes = objects.get(path);
        if (bytes == null) {
            throw new FetchException.Missing("there is no " + path);
        }
        if (bytes.length > maxLength) {
            throw new FetchException.Corrupt(path + " has more than " + maxLength);
        }
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public void put(String path, ByteBuffer bytes, Kind kind) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        objects.put(path, copy);
        actions.add("put " + kind + " " + path);
    }

    @Override
    public void sync() {
        actions.add("sync");
    }

    @Override
    public Stream<Entry> list(String prefix) {
        return objects.entrySet().stream()
                .filter(one -> one.getKey().startsWith(prefix))
                .map(one -> new Entry(one.getKey(), one.getValue().length, Instant.EPOCH));
    }

    @Override
    public void delete(String path) {
        objects.remove(path);
        actions.add("delete " + path);
    }

    @Override
    public void close() {
        actions.add("close");
    }
}

package org.netloop.publish;

import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Transport;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A repository in memory that knows what would survive a power cut. */
final class FakeRepository implements Repository {
    static final URI BASE = URI.create("fake:///repository");

    /** Happens before an object is put. */
    interface Fault {
        void before(String path) throws IOException;
    }

    final ConcurrentMap<String, byte[]> objects = new ConcurrentHashMap<>();
    final ConcurrentMap<String, byte[]> durable = new ConcurrentHashMap<>();
    final AtomicInteger puts = new AtomicInteger();
    final AtomicInteger syncs = new AtomicInteger();
    volatile Fault onPut = _ -> {};
    volatile Fault onSync = _ -> {};

    /** A transport that opens this very repository. */
    Transport transport() {
        return new Transport() {
            @Override
            public Fetched fetch(FetchRequest request, ByteBuffer into) throws FetchException {
                throw new FetchException.Missing(request.uri().toString());
            }

            @Override
            public Repository open(URI base) {
                return FakeRepository.this;
            }
        };
    }

    /** Loses, tears or keeps whatever was not synced, at random. */
    void powerCut(Random random) {
        for (Map.Entry<String, byte[]> object : new HashMap<>(objects).entrySet()) {
            byte[] bytes = object.getValue();
            if (Arrays.equals(durable.get(object.getKey()), bytes)) {
                continue;
            }
            switch (random.nextInt(3)) {
                case 0 -> objects.remove(object.getKey());
                case 1 -> objects.put(object.getKey(), new byte[bytes.length]);
                default ->
                        objects.put(
                                object.getKey(),
                                Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            }
        }
    }

    @Override
    public URI base() {
        return BASE;
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
            throw new FetchException.Missing(path + " is missing");
        }
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public void put(String path, ByteBuffer bytes, Kind kind) throws IOException {
        boolean isSign = path.startsWith(RepositoryUse.DIRECTORY);
        if (!isSign) {
            onPut.before(path);
            puts.incrementAndGet();
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        objects.put(path, copy);
    }

    @Override
    public void sync() throws IOException {
        Map<String, byte[]> covered = Map.copyOf(objects);
        onSync.before("");
        durable.putAll(covered);
        syncs.incrementAndGet();
    }

    @Override
    public Stream<Entry> list(String prefix) {
        return objects.entrySet().stream()
                .filter(object -> object.getKey().startsWith(prefix))
                .map(object -> new Entry(object.getKey(), object.getValue().length, Instant.EPOCH));
    }

    @Override
    public void delete(String path) {
        objects.remove(path);
    }

    @Override
    public void close() {}
}

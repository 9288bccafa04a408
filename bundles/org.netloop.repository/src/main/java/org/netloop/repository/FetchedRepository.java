package org.netloop.repository;

import org.netloop.api.message.Secrets;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A repository on a server that only answers requests for objects: it can be read, not listed or
 * written. Thread-safe.
 */
final class FetchedRepository implements Repository {
    /** A transport takes no timeout away from an object of some mebibytes on a slow link. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final int LONGEST_UNASKED = 16 << 20;
    private static final int ATTEMPTS = 4;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final URI base;
    private final Transport transport;

    FetchedRepository(URI base, Transport transport) {
        this.base = base.getPath().endsWith("/") ? base : URI.create(base + "/");
        this.transport = transport;
    }

    @Override
    public URI base() {
        return base;
    }

    @Override
    public OptionalLong length(String path) throws IOException {
        FetchRequest first =
                new FetchRequest(base.resolve(path), 0, 1, TIMEOUT, FetchPurpose.VERIFY);
        try {
            return OptionalLong.of(fetch(first, ByteBuffer.allocate(1)).totalLength());
        } catch (FetchException.Missing _) {
            return OptionalLong.empty();
        }
    }

    @Override
    public ByteBuffer read(String path, int maxLength) throws IOException {
        int room = maxLength;
        if (maxLength > LONGEST_UNASKED) {
            // Memory is taken for what is there, not for what might be.
            room = (int) Math.clamp(length(path).orElse(0), 1, maxLength);
        }
        ByteBuffer into = ByteBuffer.allocate(room);
        fetch(FetchRequest.whole(base.resolve(path), TIMEOUT, FetchPurpose.VERIFY), into);
        return into.flip().asReadOnlyBuffer();
    }

    /** A server that is busy or restarts is asked again. */
    private Fetched fetch(FetchRequest request, ByteBuffer into) throws IOException {
        int start = into.position();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return transport.fetch(request, into);
                } catch (FetchException.Unavailable e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                    into.position(start);
                    Thread.sleep(PAUSE.multipliedBy(attempt));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("reading " + Secrets.hide(base) + " was interrupted");
        }
    }

    @Override
    public void put(String path, ByteBuffer bytes, Kind kind) throws IOException {
        throw onlyRead("written");
    }

    @Override
    public void sync() {
        // Nothing was put.
    }

    @Override
    public Stream<Entry> list(String prefix) throws IOException {
        throw onlyRead("listed");
    }

    @Override
    public void delete(String path) throws IOException {
        throw onlyRead("changed");
    }

    private FetchException.Unsupported onlyRead(String what) {
        return new FetchException.Unsupported(
                Secrets.hide(base) + " cannot be " + what + ", only read");
    }

    @Override
    public void close() {
        // Connections are the transport's.
    }
}

package org.netloop.transport.s3;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Repository;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * A repository in a bucket. S3 shows an object when all of it is there and durable: there is
 * nothing to sync, and what is named by its content need not be sent twice. Thread-safe.
 */
final class BucketRepository implements Repository {
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String ASK_AGAIN = "no-cache";
    private static final int LONGEST_KEY = 1024;

    private final Location base;
    private final Access access;
    private final Clients clients;
    private final Duration timeout;

    /**
     * @param base a directory
     * @param timeout for one request with all its attempts
     */
    BucketRepository(Location base, Access access, Clients clients, Duration timeout) {
        this.base = base;
        this.access = access;
        this.clients = clients;
        this.timeout = timeout;
    }

    @Override
    public URI base() {
        return base.uri();
    }

    private Location resolve(String path) {
        Location object = base.resolve(path);
        boolean elsewhere =
                List.of(path.split("/", -1)).stream()
                        .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (elsewhere || object.key().length() > LONGEST_KEY) {
            throw new IllegalArgumentException("'" + path + "' is no path of an object");
        }
        return object;
    }

    @Override
    public OptionalLong length(String path) throws IOException {
        Location object = resolve(path);
        return call(
                object,
                client -> {
                    try {
                        return head(client, object);
                    } catch (RuntimeException e) {
                        if (!Failures.isUnexplained(e)) {
                            throw e;
                        }
                        // Another request is told why, and sets the clock right if it is that.
                        page(client, object.key(), null, 1);
                        return head(client, object);
                    }
                });
    }

    private OptionalLong head(S3Client client, Location object) {
        try {
            Long length =
                    client.headObject(head -> head.bucket(object.bucket()).key(object.key()))
                            .contentLength();
            return length == null ? OptionalLong.empty() : OptionalLong.of(length);
        } catch (RuntimeException e) {
            if (Failures.isOfAbsence(e)) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    @Override
    public ByteBuffer read(String path, int maxLength) throws IOException {
        Location object = resolve(path);
        Sink sink = new Sink(maxLength);
        call(
                object,
                client ->
                        client.getObject(
                                get -> get.bucket(object.bucket()).key(object.key()),
                                new Body(object, 0, FetchRequest.TO_END, sink)));
        return sink.bytes();
    }

    @Override
    public void put(String path, ByteBuffer bytes, Kind kind) throws IOException {
        Location object = resolve(path);
        ByteBuffer content = bytes.slice();
        PutObjectRequest asked =
                PutObjectRequest.builder()
                        .bucket(object.bucket())
                        .key(object.key())
                        .checksumCRC32(checksum(content.duplicate()))
                        .cacheControl(
                                switch (kind) {
                                    case IMMUTABLE -> FOR_EVER;
                                    case MUTABLE -> ASK_AGAIN;
                                })
                        .build();
        String type = path.endsWith(".json") ? "application/json" : "application/octet-stream";
        RequestBody body =
                RequestBody.fromContentProvider(
                        () -> new BufferStream(content.duplicate()), content.remaining(), type);
        call(object, client -> client.putObject(asked, body));
    }

    private static String checksum(ByteBuffer bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }

    @Override
    public boolean putOnce(String path, ByteBuffer bytes) throws IOException {
        OptionalLong there = length(path);
        if (there.isPresent() && there.getAsLong() == bytes.remaining()) {
            return true;
        }
        put(path, bytes, Kind.IMMUTABLE);
        return false;
    }

    @Override
    public void sync() {
        // S3 answers when what it was sent is durable.
    }

    /** The first page is fetched at once; the stream fetches the others, and may fail at them. */
    @Override
    public Stream<Entry> list(String prefix) throws IOException {
        String whole = base.key() + prefix;
        Optional<ListObjectsV2Response> first = Optional.of(nextPage(whole, null));
        return Stream.iterate(first, Optional::isPresent, page -> after(whole, page.orElseThrow()))
                .flatMap(page -> page.orElseThrow().contents().stream())
                .filter(object -> object.key().startsWith(whole) && object.size() != null)
                .map(
                        object ->
                                new Entry(
                                        object.key().substring(base.key().length()), object.size()))
                .filter(entry -> !entry.path().isEmpty() && !entry.path().endsWith("/"));
    }

    private Optional<ListObjectsV2Response> after(String prefix, ListObjectsV2Response page) {
        String token = page.nextContinuationToken();
        if (!Boolean.TRUE.equals(page.isTruncated()) || token == null) {
            return Optional.empty();
        }
        try {
            if (token.equals(page.continuationToken())) {
                throw new FetchException.Corrupt(
                        base + ": the listing of '" + prefix + "' goes in a circle");
            }
            return Optional.of(nextPage(prefix, token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ListObjectsV2Response nextPage(String prefix, @Nullable String token)
            throws IOException {
        return call(base, client -> page(client, prefix, token, null));
    }

    private ListObjectsV2Response page(
            S3Client client, String prefix, @Nullable String token, @Nullable Integer most) {
        return client.listObjectsV2(
                list ->
                        list.bucket(base.bucket())
                                .prefix(prefix)
                                .continuationToken(token)
                                .maxKeys(most));
    }

    @Override
    public void delete(String path) throws IOException {
        Location object = resolve(path);
        call(
                object,
                client ->
                        client.deleteObject(
                                delete -> delete.bucket(object.bucket()).key(object.key())));
    }

    @Override
    public void close() {
        // The clients are the transport's.
    }

    /** What is asked of S3. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(S3Client client) throws IOException;
    }

    /** When this returns, nobody uses what the question was given. */
    private <T> T call(Location about, Question<T> question) throws IOException {
        Errand<T> errand = Errand.start(() -> question.ask(clients.publishing(access)));
        try {
            return errand.await(timeout);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } catch (TimeoutException e) {
            throw new FetchException.Unavailable(
                    about
                            + " at "
                            + access.where()
                            + ": there is no end after "
                            + timeout.toMillis()
                            + " ms",
                    e);
        } catch (ExecutionException e) {
            throw Failures.of(about, access, e);
        } catch (CancellationException e) {
            throw new FetchException.Unavailable(
                    about + ": the transport was stopped meanwhile", e);
        } finally {
            errand.join();
        }
    }
}

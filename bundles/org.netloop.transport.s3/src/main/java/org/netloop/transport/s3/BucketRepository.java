package org.netloop.transport.s3;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Repository;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A repository in a bucket. S3 shows an object when all of it is there and durable: there is
 * nothing to sync, and what is named by its content need not be sent twice. Thread-safe.
 */
final class BucketRepository implements Repository {
    private static final int LONGEST_KEY = 1024;

    private final Location base;
    private final Access access;
    private final Clients clients;
    private final Duration timeout;
    private final Looks looks = new Looks();

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
            throw new IllegalArgumentException("'" + path + "' is not a valid object path");
        }
        return object;
    }

    @Override
    public OptionalLong length(String path) throws IOException {
        Optional<StoredObject> there = look(resolve(path));
        return there.isPresent() ? OptionalLong.of(there.get().length()) : OptionalLong.empty();
    }

    private Optional<StoredObject> look(Location object) throws IOException {
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

    private Optional<StoredObject> head(S3Client client, Location object) {
        try {
            return StoredObject.of(
                    client.headObject(
                            head ->
                                    head.bucket(object.bucket())
                                            .key(object.key())
                                            .checksumMode(ChecksumMode.ENABLED)));
        } catch (RuntimeException e) {
            if (Failures.isOfAbsence(e)) {
                return Optional.empty();
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
        Upload upload = new Upload(resolve(path), bytes, kind);
        call(upload.object(), upload::send);
    }

    /** One whose answer was lost and that is sent again may count as there before. */
    @Override
    public boolean putOnce(String path, ByteBuffer bytes, Kind kind) throws IOException {
        Upload upload = new Upload(resolve(path), bytes, kind);
        if (!looks.isDue()) {
            Upload.Outcome outcome = call(upload.object(), upload::sendIfAbsent);
            if (outcome == Upload.Outcome.STORED) {
                looks.saw(false);
                return false;
            }
            if (outcome == Upload.Outcome.NOT_UNDERSTOOD) {
                looks.refused();
            }
        }
        Optional<StoredObject> there = look(upload.object());
        looks.saw(there.isPresent());
        if (there.isPresent() && there.get().has(bytes)) {
            return true;
        }
        call(upload.object(), upload::send);
        return false;
    }

    /** Asks the server for the digest it computed; where it has none, the object is read back. */
    @Override
    public boolean holds(String path, Digest digest, int length) throws IOException {
        Optional<StoredObject> there = look(resolve(path));
        if (there.isEmpty() || there.get().length() != length) {
            return false;
        }
        Optional<Boolean> vouched = there.get().has(digest);
        return vouched.isPresent() ? vouched.get() : Repository.super.holds(path, digest, length);
    }

    @Override
    public List<String> missing(List<String> paths) throws IOException {
        return new Absence(this).of(paths);
    }

    @Override
    public void sync() {
        // S3 answers when what it was sent is durable.
    }

    @Override
    public boolean showsDurableOnly() {
        return true;
    }

    /** The first page is fetched at once; the stream fetches the others, and may fail at them. */
    @Override
    public Stream<Entry> list(String prefix) throws IOException {
        String whole = base.key() + prefix;
        Optional<ListObjectsV2Response> first = Optional.of(nextPage(whole, null));
        return Stream.iterate(first, Optional::isPresent, page -> after(whole, page.orElseThrow()))
                .flatMap(page -> page.orElseThrow().contents().stream())
                .filter(object -> object.key().startsWith(whole) && object.size() != null)
                .map(this::entry)
                .filter(entry -> !entry.path().isEmpty() && !entry.path().endsWith("/"));
    }

    /** An object without a time counts as put just now, so that nobody takes it for an old one. */
    private Entry entry(S3Object object) {
        Instant modified = object.lastModified();
        return new Entry(
                object.key().substring(base.key().length()),
                object.size(),
                modified == null ? Instant.now() : modified);
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

    /** Request to S3. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(S3Client client) throws IOException;
    }

    /** Runs a request; once this returns, nothing uses the request's arguments any more. */
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

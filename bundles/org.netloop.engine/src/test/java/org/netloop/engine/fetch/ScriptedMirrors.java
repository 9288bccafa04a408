package org.netloop.engine.fetch;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Origins;
import org.netloop.engine.lease.Use;
import org.netloop.engine.retry.Deadline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Mirrors {@code test://NAME/} with an answer each, and a fetcher that asks them. */
final class ScriptedMirrors implements Transport {
    static final Duration ATTEMPT = Duration.ofSeconds(20);

    /** Answer of a mirror when it is asked. */
    @FunctionalInterface
    interface Answer {
        void to(FetchRequest request, ByteBuffer into) throws FetchException, InterruptedException;
    }

    final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /** Validators of what mirrors have; without one, a mirror cannot tell. */
    final Map<String, String> validators = new ConcurrentHashMap<>();

    /** Says of everything that it is as it was. */
    volatile boolean unasked;

    /** All but those that only measure a mirror. */
    final List<FetchRequest> requests = new CopyOnWriteArrayList<>();

    final MirrorSet set;
    final Backends<Transport> transports = backends("transport");
    final Backends<MirrorPolicy> policies = backends("mirror policy");
    final Fetcher fetcher;

    /** Creates mirrors for which no time passes: one that rests does so until the end. */
    ScriptedMirrors(String... names) {
        set =
                new MirrorSet(
                        Stream.of(names).map(name -> URI.create("test://" + name + "/")).toList(),
                        () -> 0);
        fetcher = new Fetcher(set, transports, policies, ATTEMPT);
        transports.bind(this, Set.of("test"), Map.of());
    }

    static <S> Backends<S> backends(String kind) {
        return new Backends<>(kind, Duration.ofSeconds(5), Origins.classes());
    }

    /** Returns what a backend that broke its contract ends in. */
    static BackendException broken(String message) {
        Backends<Object> backends = backends("codec");
        backends.bind(new Object(), Set.of("x"), Map.of());
        try (Use<Object> use = Objects.requireNonNull(backends.enter("x"))) {
            use.call(
                    _ -> {
                        throw new IllegalStateException(message);
                    });
        } catch (BackendException e) {
            return e;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it did not fail");
    }

    static Wanted wanted(String path) {
        return new Wanted(path, 0, FetchRequest.TO_END, FetchPurpose.DEMAND);
    }

    static Deadline later() {
        return Deadline.in(Duration.ofSeconds(60));
    }

    static Errand errand(Wanted wanted, ByteBuffer into, Check check) {
        return new Errand("the object", wanted, into, check, later());
    }

    Mirror mirror(String name) {
        return set.all().stream()
                .filter(one -> name.equals(one.base().getHost()))
                .findFirst()
                .orElseThrow();
    }

    void has(String name, byte... bytes) {
        answers.put(name, (_, into) -> into.put(bytes));
    }

    void fails(String name, FetchException failure) {
        answers.put(
                name,
                (_, _) -> {
                    throw failure;
                });
    }

    List<String> asked() {
        return requests.stream().map(request -> request.uri().getHost()).toList();
    }

    @Override
    public Fetched fetch(FetchRequest request, ByteBuffer into)
            throws FetchException, InterruptedException {
        if (request.purpose() != FetchPurpose.PROBE) {
            requests.add(request);
        }
        Answer answer = answers.get(request.uri().getHost());
        if (answer == null) {
            throw new FetchException.Missing(request.uri() + " is not there");
        }
        if (unasked) {
            return Fetched.unchanged("\"never seen\"");
        }
        String validator = validators.get(request.uri().getHost());
        if (validator != null && validator.equals(request.known())) {
            return Fetched.unchanged(validator);
        }
        answer.to(request, into);
        return new Fetched(Fetched.UNKNOWN, validator);
    }
}

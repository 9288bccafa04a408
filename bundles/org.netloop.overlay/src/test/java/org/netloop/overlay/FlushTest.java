package org.netloop.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;

/** A flush covers all that was written before it, whatever is written while another one runs. */
class FlushTest {
    private static final int UNIT = Place.UNIT;
    private static final int SIZE = 64 * UNIT;
    private static final Limits LIMITS = new Limits(Limits.UNLIMITED, 4 * UNIT);

    private final MemoryVolume base = MemoryVolume.generated("base", SIZE, UNIT, _ -> false);
    private final Heading heading = new Heading(new UUID(1, 2), base.identity(), SIZE, SIZE);
    private final List<String> forced = new ArrayList<>();
    private Work onForce = () -> {};

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Notes which files are forced, and does something meanwhile. */
    private Storage noting(Storage storage) {
        return proxy(
                Storage.class,
                storage,
                (method, arguments, result) ->
                        method.equals("create") || method.equals("open")
                                ? file(String.valueOf(arguments[0]), (Storage.File) result)
                                : result);
    }

    private Storage.File file(String name, Storage.File file) {
        return proxy(
                Storage.File.class,
                file,
                (method, _, result) -> {
                    if (method.equals("force")) {
                        forced.add(name);
                        onForce.run();
                    }
                    return result;
                });
    }

    private interface After {
        Object then(String method, Object[] arguments, Object result) throws Exception;
    }

    private static <T> T proxy(Class<T> kind, T target, After after) {
        return kind.cast(
                Proxy.newProxyInstance(
                        kind.getClassLoader(),
                        new Class<?>[] {kind},
                        (_, method, arguments) -> {
                            try {
                                Object result = method.invoke(target, arguments);
                                return after.then(method.getName(), arguments, result);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    @Test
    void aWriteThatEndsASegmentIsDoneAlsoWhileNothingIsCleanedAnyMore() throws Exception {
        Journal journal =
                Journal.open(
                        new MemoryStorage(),
                        heading,
                        LIMITS,
                        _ -> {
                            throw new RejectedExecutionException();
                        });
        for (int unit = 0; unit < 9; unit++) {
            assertThat(journal.data(unit, ByteBuffer.allocate(UNIT), () -> true)).isTrue();
        }
    }

    @Test
    void whatIsWrittenWhileASegmentIsForcedAndEndsIsForcedByTheNextFlush() throws Exception {
        Journal journal = Journal.open(noting(new MemoryStorage()), heading, LIMITS, _ -> {});
        assertThat(journal.data(0, ByteBuffer.allocate(UNIT), () -> true)).isTrue();
        onForce =
                () -> {
                    onForce = () -> {};
                    for (int unit = 1; unit < 5; unit++) {
                        boolean _ = journal.data(unit, ByteBuffer.allocate(UNIT), () -> true);
                    }
                };
        journal.flush();
        assertThat(journal.current().number()).isEqualTo(2);
        forced.clear();
        journal.flush();
        assertThat(forced).containsExactly(Segment.name(1), Segment.name(2));
    }
}

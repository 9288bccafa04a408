package org.netloop.verifier;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The service under test, which JUnit has no other way to hand to a suite. */
public final class Subject {
    private static final AtomicReference<@Nullable Object> SERVICE = new AtomicReference<>();
    private static volatile Function<String, @Nullable Object> properties = _ -> null;

    private Subject() {}

    static void set(@Nullable Object service, Function<String, @Nullable Object> itsProperties) {
        SERVICE.set(service);
        properties = itsProperties;
    }

    /** A service property of the service under test; null if it has none of that name. */
    public static @Nullable Object property(String name) {
        return properties.apply(name);
    }

    /**
     * The service under test.
     *
     * @throws NullPointerException if there is none now
     */
    public static <T> T as(Class<T> contract) {
        return contract.cast(Objects.requireNonNull(SERVICE.get(), "there is no service to test"));
    }
}

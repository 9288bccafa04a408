package org.netloop.verifier;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** The service under test, which JUnit has no other way to hand to a suite. */
public final class Subject {
    private static final String PADDED = "netloop.verifier.padded";
    private static final AtomicReference<@Nullable Object> SERVICE = new AtomicReference<>();

    private Subject() {}

    static void set(@Nullable Object service) {
        SERVICE.set(service);
    }

    /**
     * The service under test.
     *
     * @throws NullPointerException if there is none now
     */
    public static <T> T as(Class<T> contract) {
        return contract.cast(Objects.requireNonNull(SERVICE.get(), "there is no service to test"));
    }

    /** Whether filling may follow what a codec stores: whoever verifies it says so. */
    public static boolean isPadded(String codec) {
        return Arrays.asList(System.getProperty(PADDED, "").split(",")).contains(codec);
    }
}

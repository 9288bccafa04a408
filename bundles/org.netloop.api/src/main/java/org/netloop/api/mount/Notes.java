package org.netloop.api.mount;

import java.util.function.Consumer;

/**
 * Receivers of what an operator should know of mounts: the log of the bundle that mounts.
 *
 * @param info gets what went well
 * @param warn gets what did not, and is worked around
 */
public record Notes(Consumer<String> info, Consumer<String> warn) {

    void info(String text) {
        info.accept(text);
    }

    void warn(String text) {
        warn.accept(text);
    }
}

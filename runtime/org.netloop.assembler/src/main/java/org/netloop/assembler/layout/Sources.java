package org.netloop.assembler.layout;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * Choice of a user.
 *
 * @param home an installed runtime, with {@code features}, {@code bundles}, {@code lib} and {@code
 *     bin}
 * @param names an appliance or features
 * @param plugins jars besides those of the appliance
 * @param config configuration for the operator to change; null: that of the appliance
 * @param platform what it is made for
 */
public record Sources(
        Path home,
        List<String> names,
        List<Path> plugins,
        @Nullable Path config,
        Platform platform) {
    /** Copies the lists. */
    public Sources {
        names = List.copyOf(names);
        plugins = List.copyOf(plugins);
    }
}

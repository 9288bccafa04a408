package org.netloop.api.control;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * Selection of a running deployment of this machine. Without both, the only one of this user is
 * meant, or the one that a shell has chosen.
 *
 * @param state the directory of its control socket, if it was told one
 * @param configuration the configuration directory that it runs
 */
public record Deployment(@Nullable Path state, @Nullable Path configuration) {

    /** Returns whether it names none. */
    public boolean isAny() {
        return state == null && configuration == null;
    }
}

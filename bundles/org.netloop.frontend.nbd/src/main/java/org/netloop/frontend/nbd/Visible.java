package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Exports of a server that one client may see and open; others do not exist for it.
 *
 * @param client its names; none if it has not proved any
 */
record Visible(Exports exports, ClientNames client) implements Exports {
    @Override
    public @Nullable Export find(String name) {
        Export found = exports.find(name);
        return found != null && found.clients().admits(client) ? found : null;
    }

    @Override
    public List<Export> all() {
        return exports.all().stream().filter(one -> one.clients().admits(client)).toList();
    }

    @Override
    public boolean hidesSome() {
        return exports.all().stream().anyMatch(one -> !one.clients().admits(client));
    }
}

package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Exports of a server, as a client may see them. */
interface Exports {
    /** The export of that name, the default one for the empty name; null if there is none. */
    @Nullable Export find(String name);

    /** All of them; none if the server ends. */
    List<Export> all();

    /** Returns whether there are others that this client may not see; by default there are not. */
    default boolean hidesSome() {
        return false;
    }
}

package org.netloop.mirror;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.Reference;

import java.net.URI;
import java.util.Arrays;
import java.util.List;

/**
 * Base URIs of a site. A mirror is of the site if its base is one of them or lies below one.
 * Immutable.
 */
record Site(List<URI> bases) {

    static Site of(String... bases) {
        return new Site(Arrays.stream(bases).map(Reference::uri).toList());
    }

    boolean has(URI mirror) {
        return bases.stream().anyMatch(base -> covers(base, mirror));
    }

    private static boolean covers(URI base, URI mirror) {
        return same(base.getScheme(), mirror.getScheme())
                && same(base.getRawAuthority(), mirror.getRawAuthority())
                && directory(mirror).startsWith(directory(base));
    }

    private static boolean same(@Nullable String one, @Nullable String other) {
        return one == null ? other == null : one.equalsIgnoreCase(other);
    }

    private static String directory(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return path.endsWith("/") ? path : path + "/";
    }
}

package org.netloop.frontend.fuse;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;

/** The library that mounts: whether it is there, and what to install if it is not. */
final class LibFuse {
    /** File name of libfuse 2: the one without a version belongs to a development package. */
    static final String LIBRARY = "libfuse.so.2";

    private LibFuse() {}

    /**
     * Does nothing if a library can be loaded.
     *
     * @throws IOException in words, if it cannot
     */
    static void require(String library) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(library, arena);
        } catch (IllegalArgumentException e) {
            throw FuseFrontend.RIGHTS.notAvailable(
                    library
                            + " is not installed (Debian and Ubuntu: package libfuse2, Fedora:"
                            + " fuse-libs, Alpine: fuse)",
                    e);
        }
    }

    /** Explains why the Java binding cannot be loaded. */
    static IOException notLoaded(LinkageError why) {
        Throwable root = why;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return FuseFrontend.RIGHTS.notAvailable(
                "its native code cannot be loaded from the temporary directory "
                        + System.getProperty("java.io.tmpdir")
                        + " (full, read-only or mounted noexec?): "
                        + root.getMessage(),
                why);
    }
}

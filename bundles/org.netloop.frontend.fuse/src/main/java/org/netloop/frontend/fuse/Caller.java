package org.netloop.frontend.fuse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who this process is: by number, as a machine may have no names. */
final class Caller {
    private static final Path SELF = Path.of("/proc/self");

    private Caller() {}

    static boolean isRoot() throws IOException {
        return uid() == 0;
    }

    static long uid() throws IOException {
        return number("unix:uid");
    }

    static long gid() throws IOException {
        return number("unix:gid");
    }

    private static long number(String attribute) throws IOException {
        return ((Number) Files.getAttribute(SELF, attribute)).longValue();
    }
}

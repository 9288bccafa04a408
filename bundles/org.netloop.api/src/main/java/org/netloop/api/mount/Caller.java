package org.netloop.api.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Identity of this process, by number because a machine may have no names. Stateless. */
public final class Caller {
    private static final Path SELF = Path.of("/proc/self");

    private Caller() {}

    /** Returns whether it is the superuser, or that of its user namespace. */
    public static boolean isRoot() throws IOException {
        return uid() == 0;
    }

    /** Returns the number of its user. */
    public static long uid() throws IOException {
        return number("unix:uid");
    }

    /** Returns the number of its group. */
    public static long gid() throws IOException {
        return number("unix:gid");
    }

    private static long number(String attribute) throws IOException {
        return ((Number) Files.getAttribute(SELF, attribute)).longValue();
    }
}

package org.netloop.tck;

import org.junit.jupiter.api.Assumptions;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Requirements of a test on the machine it runs on. Where that is missing the test is skipped, with
 * a reason that says what to install; where the environment variable {@code CI} is set it fails
 * instead, as nothing may be left out there. Thread-safe.
 */
public final class Machine {
    private static final List<String> SYSTEM = List.of("/usr/local/bin", "/usr/bin", "/bin");
    private static final List<String> SUPERUSER = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");
    private static final List<String> LIBRARIES =
            List.of("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib");

    private Machine() {}

    /** Needs a program, by name or absolute path. */
    public static void needsProgram(String name) {
        if (!has(name)) {
            missing("the program " + name);
        }
    }

    /** Returns whether there is a program of that name, or at that absolute path. */
    public static boolean has(String name) {
        if (name.startsWith("/")) {
            return Files.isExecutable(Path.of(name));
        }
        return directories().anyMatch(directory -> Files.isExecutable(directory.resolve(name)));
    }

    /** Needs a file of the system, by its absolute path. */
    public static void needsFile(String path) {
        if (!Files.exists(Path.of(path))) {
            missing(path);
        }
    }

    private static Stream<Path> directories() {
        String path = System.getenv("PATH");
        Stream<String> told =
                path == null ? Stream.empty() : Arrays.stream(path.split(File.pathSeparator));
        return Stream.of(told, SYSTEM.stream(), SUPERUSER.stream())
                .flatMap(places -> places)
                .filter(place -> !place.isEmpty())
                .map(Path::of);
    }

    /** Needs the superuser, for what is named: {@code mounting}. */
    public static void needsRoot(String what) {
        if (!isRoot()) {
            missing("root, for " + what);
        }
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException _) {
            // No Linux: nothing is mounted there.
            return false;
        }
    }

    /** Needs FUSE: the kernel's device, the library libfuse 2, and leave to mount. */
    public static void needsFuse() {
        needsDevFuse();
        if (!hasLibrary("libfuse.so.2")) {
            missing("libfuse.so.2 (Debian: libfuse2, Fedora: fuse-libs, Alpine: fuse)");
        }
    }

    /** Needs the kernel's FUSE device, and leave to mount. */
    public static void needsDevFuse() {
        needsRoot("mounting");
        if (!Files.isWritable(Path.of("/dev/fuse"))) {
            missing("/dev/fuse");
        }
    }

    private static boolean hasLibrary(String name) {
        String triplet = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        return LIBRARIES.stream()
                .flatMap(place -> Stream.of(place, place + "/" + triplet + "-linux-gnu"))
                .anyMatch(place -> Files.exists(Path.of(place, name)));
    }

    private static void missing(String what) {
        String ci = System.getenv("CI");
        if (ci != null && !ci.isEmpty()) {
            throw new AssertionError(
                    "this test needs " + what + ", and nothing may be skipped where CI is set");
        }
        Assumptions.abort("needs " + what);
    }
}

package org.netloop.command;

import org.netloop.api.frontend.FrontendUnavailableException;
import org.netloop.api.message.Failures;
import org.netloop.api.message.Sizes;
import org.netloop.api.mount.MountRights;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks at what a machine offers to a deployment. Changes nothing, and asks nobody over the
 * network.
 *
 * @param root the directory below which the system's files are: {@code /}
 * @param uid number of the user that is to mount
 * @param environment of the process
 */
record Doctor(Path root, long uid, Map<String, String> environment) {
    private static final String MOUNTS = "FUSE mounts";
    private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");
    private static final int ENOUGH_FILES = 1024;
    private static final long ENOUGH_BYTES = 1L << 30;
    private static final int JAVA = 25;
    private static final Pattern LIMIT = Pattern.compile("(?m)^Max open files +([0-9]{1,18}) ");

    /** Judgement of a sign. */
    enum Verdict {
        /** Found as it should be. */
        OK,
        /** Missing or poor; only a part of Netloop needs it. */
        NOTE,
        /** Missing, and nothing works without it. */
        MISSING
    }

    /**
     * One thing that was looked at.
     *
     * @param advice what to do; empty if all is well
     */
    record Sign(Verdict verdict, String subject, String fact, String advice) {
        String line() {
            return "%-8s%-14s%s%s"
                    .formatted(
                            verdict.name().toLowerCase(Locale.ROOT),
                            subject,
                            fact,
                            advice.isEmpty() ? "" : ": " + advice);
        }
    }

    /** Families of distributions, by the command that installs their packages. */
    private enum Installer {
        APT("apt install ", "libfuse2"),
        DNF("dnf install ", "fuse-libs"),
        APK("apk add ", "fuse"),
        OTHER("install the package of ", "libfuse.so.2");

        private final String verb;
        private final String fuse;

        Installer(String verb, String fuse) {
            this.verb = verb;
            this.fuse = fuse;
        }

        String installsFuse() {
            return verb + fuse;
        }
    }

    /** Returns all signs, in the order in which they are shown. */
    List<Sign> signs() {
        return List.of(java(), mounts(), fuseLibrary(), loop(), files(), clock(), cache());
    }

    private Sign java() {
        int version = Runtime.version().feature();
        return version >= JAVA
                ? ok("Java", Runtime.version() + " of " + System.getProperty("java.vendor"))
                : new Sign(
                        Verdict.MISSING,
                        "Java",
                        Runtime.version().toString(),
                        "install a JDK of " + JAVA + " or newer");
    }

    /** Asks as the frontend that needs no library does before it mounts. */
    private Sign mounts() {
        try {
            new MountRights(root, "devfuse", "fusermount3").require(uid, false);
            return ok(MOUNTS, "are possible");
        } catch (FrontendUnavailableException e) {
            return note(MOUNTS, "are not possible", e.reason());
        } catch (IOException e) {
            return note(MOUNTS, "may not be possible", Failures.sentence(e));
        }
    }

    private Sign fuseLibrary() {
        boolean found =
                Stream.of("lib", "lib64", "usr/lib", "usr/lib64")
                        .map(root::resolve)
                        .flatMap(Doctor::withMultiarch)
                        .anyMatch(directory -> Files.exists(directory.resolve("libfuse.so.2")));
        return found
                ? ok("libfuse 2", "is installed")
                : note(
                        "libfuse 2",
                        "is not installed",
                        installer().installsFuse() + " (for 'mount --frontend fuse' only)");
    }

    /** Returns a directory of libraries and, as Debian has them, those of architectures in it. */
    private static Stream<Path> withMultiarch(Path directory) {
        return Stream.concat(
                Stream.of(directory),
                Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu").map(directory::resolve));
    }

    private Installer installer() {
        String release = read("etc/os-release").orElse("").toLowerCase(Locale.ROOT);
        if (release.contains("debian") || release.contains("ubuntu")) {
            return Installer.APT;
        }
        if (release.contains("fedora") || release.contains("rhel")) {
            return Installer.DNF;
        }
        return release.contains("alpine") ? Installer.APK : Installer.OTHER;
    }

    private Sign loop() {
        return Files.exists(root.resolve("dev/loop-control"))
                ? ok("loop devices", "are there")
                : note("loop devices", "are missing", "modprobe loop (for 'mount --loop' only)");
    }

    /** The limit of open files: each cached block that is read, and each client, has one. */
    private Sign files() {
        Matcher limit = LIMIT.matcher(read("proc/self/limits").orElse(""));
        long soft = limit.find() ? Long.parseLong(limit.group(1)) : Long.MAX_VALUE;
        return soft >= ENOUGH_FILES
                ? ok("open files", soft == Long.MAX_VALUE ? "without limit" : "at most " + soft)
                : note(
                        "open files",
                        "at most " + soft,
                        "ulimit -n 65536; LimitNOFILE= in the unit");
    }

    private static Sign clock() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return now.isAfter(EARLIEST)
                ? ok("clock", now.toString())
                : note("clock", "says " + now, "set it: certificates and signatures expire by it");
    }

    /** The file system of the cache that commands use, or of the directory above it. */
    private Sign cache() {
        String home = environment.getOrDefault("HOME", "");
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (home.isEmpty() && caches.isEmpty()) {
            return note(
                    "cache", "there is neither HOME nor XDG_CACHE_HOME", "name it: --cache DIR");
        }
        Path place = caches.isEmpty() ? Path.of(home, ".cache") : Path.of(caches);
        while (!Files.isDirectory(place) && place.getParent() != null) {
            place = place.getParent();
        }
        try {
            FileStore store = Files.getFileStore(place);
            String free = Sizes.human(store.getUsableSpace()) + " free at " + place;
            if (!Files.isWritable(place)) {
                return note("cache", place + " may not be written to", "name another: --cache DIR");
            }
            return store.getUsableSpace() >= ENOUGH_BYTES
                    ? ok("cache", free)
                    : note("cache", free, "free space, or name another: --cache DIR");
        } catch (IOException e) {
            return note("cache", Failures.sentence(e), "name another: --cache DIR");
        }
    }

    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)));
        } catch (IOException _) {
            // A system without it is judged by what else there is.
            return Optional.empty();
        }
    }

    private static Sign ok(String subject, String fact) {
        return new Sign(Verdict.OK, subject, fact, "");
    }

    private static Sign note(String subject, String fact, String advice) {
        return new Sign(Verdict.NOTE, subject, fact, advice);
    }
}

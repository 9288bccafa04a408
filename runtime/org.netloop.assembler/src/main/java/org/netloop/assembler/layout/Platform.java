package org.netloop.assembler.layout;

import org.netloop.assembler.AssemblyException;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Machine that an appliance is made for: always Linux.
 *
 * @param name as a user names it
 * @param names of the processor in the paths of native libraries
 * @param debian what Debian calls it
 * @param oci what OCI images call it
 * @param libraries where Debian keeps its shared libraries
 */
public record Platform(
        String name, Set<String> names, String debian, String oci, String libraries) {
    private static final List<Platform> ALL =
            List.of(
                    new Platform(
                            "linux-x86_64",
                            Set.of("x86_64", "amd64"),
                            "amd64",
                            "amd64",
                            "x86_64-linux-gnu"),
                    new Platform(
                            "linux-aarch64",
                            Set.of("aarch64", "arm64"),
                            "arm64",
                            "arm64",
                            "aarch64-linux-gnu"));

    private static final Set<String> SYSTEMS =
            Set.of(
                    "linux",
                    "darwin",
                    "mac",
                    "macos",
                    "osx",
                    "win",
                    "windows",
                    "freebsd",
                    "openbsd",
                    "dragonflybsd",
                    "sunos",
                    "solaris",
                    "aix",
                    "android");

    private static final List<String> LIBRARIES =
            List.of(".so", ".dll", ".dylib", ".jnilib", ".a", ".sl");

    /**
     * Returns the platform of that name.
     *
     * @throws AssemblyException if there is none
     */
    public static Platform of(String name) throws AssemblyException {
        return ALL.stream()
                .filter(platform -> platform.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new AssemblyException(
                                        "there is no platform '"
                                                + name
                                                + "'; there are "
                                                + ALL.stream().map(Platform::name).toList()));
    }

    /** Returns the name of the platform that this process runs on. */
    public static String here() {
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(platform -> platform.names().contains(processor))
                .map(Platform::name)
                .findFirst()
                .orElse("linux-" + processor);
    }

    /** Returns whether this process runs on it. */
    public boolean isHere() {
        return name.equals(here());
    }

    /**
     * Returns whether a member of a jar is a native library that only other platforms load, as
     * {@code darwin/aarch64/libx.dylib} or {@code jni/ppc64-Linux/libx.so}. A library whose path
     * names no system is kept.
     */
    public boolean isForeign(String member) {
        String path = member.toLowerCase(Locale.ROOT);
        if (LIBRARIES.stream().noneMatch(path::endsWith)) {
            return false;
        }
        List<String> words = Arrays.asList(path.split("[/-]"));
        if (words.stream().noneMatch(SYSTEMS::contains)) {
            return false;
        }
        return !words.contains("linux") || words.stream().noneMatch(names::contains);
    }
}

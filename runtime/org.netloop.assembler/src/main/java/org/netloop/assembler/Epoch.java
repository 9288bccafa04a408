package org.netloop.assembler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Version and time of a runtime, which what is assembled of it takes over. */
final class Epoch {
    private static final String VARIABLE = "SOURCE_DATE_EPOCH";
    private static final String LAUNCHER = "org.netloop.launcher-";
    private static final String SUFFIX = ".jar";

    private Epoch() {}

    /**
     * Returns the seconds of {@code SOURCE_DATE_EPOCH} (reproducible-builds.org), or the time in
     * the launcher's jar, which is that of the source and not of the build.
     */
    static Instant of(Path home) throws IOException, AssemblyException {
        String told = System.getenv(VARIABLE);
        if (told != null && told.matches("[0-9]{1,11}")) {
            return Instant.ofEpochSecond(Long.parseLong(told));
        }
        try (ZipFile jar = new ZipFile(launcher(home).toFile())) {
            ZipEntry first = jar.entries().nextElement();
            return first.getTimeLocal().toInstant(ZoneOffset.UTC);
        }
    }

    /** Returns the version in the name of the launcher's jar. */
    static String version(Path home) throws IOException, AssemblyException {
        String name = String.valueOf(launcher(home).getFileName());
        return name.substring(LAUNCHER.length(), name.length() - SUFFIX.length());
    }

    private static Path launcher(Path home) throws IOException, AssemblyException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(LAUNCHER))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new AssemblyException(
                                            home + "/lib has no " + LAUNCHER + "*.jar"));
        }
    }
}

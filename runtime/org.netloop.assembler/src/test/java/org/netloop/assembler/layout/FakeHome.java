package org.netloop.assembler.layout;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An installed runtime of two features and one appliance, in miniature. */
public final class FakeHome {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 2, 3, 4, 6);

    private final Path directory;

    /** Makes it in an empty directory. */
    public FakeHome(Path directory) throws IOException {
        this.directory = directory;
        for (String name : List.of("features/appliances", "bundles", "lib", "bin")) {
            Files.createDirectories(directory.resolve(name));
        }
        Files.writeString(directory.resolve("bin/netloop"), "#!/bin/sh\n");
        Files.writeString(directory.resolve("bin/java.options"), "-Xmx256m\n");
        jar("lib/org.netloop.launcher-1.2.jar", "org.netloop.launcher", Map.of());
        bundle("org.netloop.codec", "1.2", Map.of());
        bundle(
                "org.netloop.zstd",
                "1.2",
                members(
                        "META-INF/lib/zstd/linux/amd64/libzstd.so", "x86",
                        "META-INF/lib/zstd/linux/aarch64/libzstd.so", "arm",
                        "META-INF/lib/zstd/win/amd64/zstd.dll", "windows"));
        feature("core", "org.netloop.codec:1.2", "");
        feature("zstd", "org.netloop.zstd:1.2", "\"core\"");
        appliance("gateway", "\"zstd\"", "\"command\": [\"run\", \"/etc/netloop\"]");
    }

    /** Returns where it is. */
    public Path directory() {
        return directory;
    }

    /** Chooses features or an appliance of it, for x86-64. */
    public Sources sources(String... names) throws Exception {
        return new Sources(directory, List.of(names), List.of(), null, Platform.of("linux-x86_64"));
    }

    /** Adds a bundle with some members. */
    public Path bundle(String name, String version, Map<String, String> members)
            throws IOException {
        return jar("bundles/" + name + "-" + version + ".jar", name, members);
    }

    /** Returns members of a jar, names and contents by turns. */
    static Map<String, String> members(String... all) {
        Map<String, String> members = new LinkedHashMap<>();
        for (int i = 0; i < all.length; i += 2) {
            members.put(all[i], all[i + 1]);
        }
        return members;
    }

    /** Writes a jar with directory entries. */
    public Path jar(String path, String name, Map<String, String> members) throws IOException {
        Path file = directory.resolve(path);
        Map<String, String> all = new LinkedHashMap<>();
        all.put("META-INF/", "");
        all.put(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\nBundle-SymbolicName: "
                        + name
                        + "\nBundle-Version: 1.2\nBundle-ClassPath: .,META-INF/lib/zstd\n\n");
        members.forEach(
                (member, text) -> {
                    all.putIfAbsent(member.replaceFirst("[^/]+$", ""), "");
                    all.put(member, text);
                });
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> member : all.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                entry.setTimeLocal(TIME);
                zip.putNextEntry(entry);
                zip.write(member.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return file;
    }

    private void feature(String name, String bundle, String includes) throws IOException {
        Files.writeString(
                directory.resolve("features/" + name + ".json"),
                """
                {"bundles": [{"id": "org.netloop:%s"}],
                 "extensions": {"netloop-features": {"text": [%s]}}}
                """
                        .formatted(bundle, includes));
    }

    /** Adds an appliance; settings are members of its extension. */
    public Path appliance(String name, String includes, String settings) throws IOException {
        return Files.writeString(
                directory.resolve("features/appliances/" + name + ".json"),
                """
                {"description": "A test.",
                 "extensions": {"netloop-features": {"text": [%s]},
                                "netloop-appliance": {"json": {%s}}}}
                """
                        .formatted(includes, settings));
    }
}

package org.netloop.assembler.oci;

import org.netloop.assembler.Assembly;
import org.netloop.assembler.layout.Settings;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Configuration, manifest and index of an image. */
final class ImageDocuments {
    private static final String TYPES = "application/vnd.oci.image.";
    private static final String TITLES = "org.opencontainers.image.";

    private final Assembly assembly;
    private final Tree home;

    ImageDocuments(Assembly assembly, Tree home) {
        this.assembly = assembly;
        this.home = home;
    }

    void write(Blobs blobs, List<Blobs.Layer> layers) throws IOException {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", TYPES + "manifest.v1+json");
        manifest.put("config", blobs.document(TYPES + "config.v1+json", configuration(layers)));
        manifest.put(
                "layers",
                layers.stream()
                        .map(
                                layer ->
                                        Blobs.descriptor(
                                                TYPES + "layer.v1.tar+gzip",
                                                layer.digest(),
                                                layer.size()))
                        .toList());
        Map<String, Object> descriptor = blobs.document(TYPES + "manifest.v1+json", manifest);
        descriptor.put("annotations", Map.of(TITLES + "ref.name", assembly.version()));
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("schemaVersion", 2);
        index.put("mediaType", TYPES + "index.v1+json");
        index.put("manifests", List.of(descriptor));
        blobs.top("index.json", index);
        blobs.top("oci-layout", Map.of("imageLayoutVersion", "1.0.0"));
    }

    private Map<String, Object> configuration(List<Blobs.Layer> layers) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("created", assembly.time().toString());
        all.put("architecture", assembly.appliance().sources().platform().oci());
        all.put("os", "linux");
        all.put("config", execution());
        Map<String, Object> files = new LinkedHashMap<>();
        files.put("type", "layers");
        files.put("diff_ids", layers.stream().map(Blobs.Layer::plain).toList());
        all.put("rootfs", files);
        return all;
    }

    private Map<String, Object> execution() {
        Settings settings = assembly.appliance().settings();
        Map<String, Object> execution = new LinkedHashMap<>();
        if (!settings.root()) {
            execution.put("User", OciKind.USER + ":" + OciKind.USER);
        }
        Map<String, Object> ports = new LinkedHashMap<>();
        settings.ports().forEach(port -> ports.put(port, Map.of()));
        if (!ports.isEmpty()) {
            execution.put("ExposedPorts", ports);
        }
        execution.put(
                "Env",
                List.of(
                        "PATH=/" + OciKind.HOME + "/jre/bin",
                        "HOME=/var/lib/netloop",
                        "LC_ALL=C.UTF-8",
                        "XDG_CACHE_HOME=/var/cache",
                        "XDG_STATE_HOME=/var/lib",
                        "XDG_RUNTIME_DIR=/run"));
        execution.put("Entrypoint", entrypoint());
        execution.put("Cmd", settings.command());
        Map<String, Object> volumes = new LinkedHashMap<>();
        volumes.put("/var/cache/netloop", Map.of());
        volumes.put("/var/lib/netloop", Map.of());
        execution.put("Volumes", volumes);
        execution.put("WorkingDir", "/var/lib/netloop");
        execution.put("StopSignal", "SIGTERM");
        Map<String, Object> labels = new LinkedHashMap<>();
        labels.put(TITLES + "title", "netloop-" + assembly.appliance().name());
        labels.put(TITLES + "description", assembly.appliance().description());
        labels.put(TITLES + "version", assembly.version());
        labels.put(TITLES + "licenses", "Apache-2.0");
        execution.put("Labels", labels);
        return execution;
    }

    /** There is no shell: what {@code bin/netloop} does is written out. */
    private List<String> entrypoint() {
        String path = "/" + OciKind.HOME;
        String classes =
                home.nodes().keySet().stream()
                        .filter(name -> name.startsWith("lib/") && name.endsWith(".jar"))
                        .map(name -> path + "/" + name)
                        .collect(Collectors.joining(":"));
        return new ArrayList<>(
                List.of(
                        path + "/jre/bin/java",
                        "@" + path + "/bin/java.options",
                        "-Djava.io.tmpdir=/tmp",
                        "-Dnetloop.home=" + path,
                        "-cp",
                        classes,
                        "org.netloop.launcher.Main"));
    }
}

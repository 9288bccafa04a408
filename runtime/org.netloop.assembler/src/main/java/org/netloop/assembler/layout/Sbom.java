package org.netloop.assembler.layout;

import com.fasterxml.jackson.jr.ob.JSON;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Bill of materials in the form of CycloneDX 1.6: each jar with its digest, and inside it the
 * libraries that it holds. Where the bill of the installed runtime tells more of a library, that is
 * taken over.
 */
final class Sbom {
    private static final String LIBRARIES = "META-INF/lib/";
    private static final String PROPERTIES = "/pom.properties";

    private final Appliance appliance;
    private final Map<String, Map<?, ?>> known = new TreeMap<>();

    Sbom(Appliance appliance) throws IOException {
        this.appliance = appliance;
        Path installed = appliance.sources().home().resolve("sbom.json");
        if (Files.exists(installed) && components(installed) instanceof List<?> components) {
            for (Object component : components) {
                if (component instanceof Map<?, ?> map) {
                    known.putIfAbsent(String.valueOf(map.get("name")), map);
                }
            }
        }
    }

    private static @Nullable Object components(Path bill) throws IOException {
        try {
            Map<String, Object> members = JSON.std.mapFrom(Files.readString(bill));
            return members == null ? null : members.get("components");
        } catch (IOException e) {
            throw new IOException(
                    bill + " cannot be read; install Netloop again: " + Failures.sentence(e), e);
        }
    }

    /** Returns it as a text: equal appliances, equal bytes. */
    String json() throws IOException {
        List<Map<String, Object>> components = new ArrayList<>();
        List<Path> jars = new ArrayList<>(appliance.jars());
        jars.sort(Comparator.comparing(jar -> String.valueOf(jar.getFileName())));
        for (Path jar : jars) {
            components.add(component(jar));
        }
        Map<String, Object> bill = new LinkedHashMap<>();
        bill.put("bomFormat", "CycloneDX");
        bill.put("specVersion", "1.6");
        bill.put("version", 1);
        Map<String, String> itself = new LinkedHashMap<>();
        itself.put("type", "application");
        itself.put("name", appliance.name());
        bill.put("metadata", Map.of("component", itself));
        bill.put("components", components);
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(bill) + "\n";
    }

    private Map<String, Object> component(Path jar) throws IOException {
        Headers headers = Headers.read(jar);
        Map<String, Object> component = new LinkedHashMap<>();
        component.put("type", "library");
        component.put("name", headers.name());
        component.put("version", headers.get("Bundle-Version"));
        component.put("hashes", List.of(hash(Plugins.sha256(jar))));
        describe(component);
        List<Map<String, Object>> inside = libraries(jar, headers);
        if (!inside.isEmpty()) {
            component.put("components", inside);
        }
        return component;
    }

    private static Map<String, String> hash(String digest) {
        Map<String, String> hash = new LinkedHashMap<>();
        hash.put("alg", "SHA-256");
        hash.put("content", digest);
        return hash;
    }

    /** Adds what the installed bill tells of a component of that name. */
    private void describe(Map<String, Object> component) {
        Map<?, ?> told = known.getOrDefault(String.valueOf(component.get("name")), Map.of());
        for (String member : List.of("group", "version", "purl", "licenses")) {
            Object value = told.get(member);
            if (value != null) {
                component.putIfAbsent(member, value);
            }
        }
    }

    private List<Map<String, Object>> libraries(Path jar, Headers headers) throws IOException {
        List<Map<String, Object>> libraries = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (String path : headers.names("Bundle-ClassPath")) {
                if (path.startsWith(LIBRARIES)) {
                    libraries.add(library(zip, path));
                }
            }
        }
        return libraries;
    }

    private Map<String, Object> library(ZipFile zip, String path) throws IOException {
        Map<String, Object> library = new LinkedHashMap<>();
        library.put("type", "library");
        library.put("name", path.substring(LIBRARIES.length()));
        for (ZipEntry entry : Collections.list(zip.entries())) {
            if (entry.getName().startsWith(path + "/META-INF/maven/")
                    && entry.getName().endsWith(PROPERTIES)) {
                Properties properties = new Properties();
                try (InputStream in = zip.getInputStream(entry)) {
                    properties.load(in);
                }
                library.put("group", properties.getProperty("groupId", ""));
                library.put("version", properties.getProperty("version", ""));
            }
        }
        describe(library);
        return library;
    }
}

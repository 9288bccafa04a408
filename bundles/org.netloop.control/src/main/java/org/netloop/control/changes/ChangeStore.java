package org.netloop.control.changes;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.jr.ob.JSON;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.AtomicFile;
import org.netloop.api.file.PrivateDirectory;
import org.netloop.api.file.SmallFile;
import org.netloop.api.message.Failures;
import org.netloop.control.registry.TrustedFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes of bundles and features, on disk: {@code changes.json}, which is replaced as a whole, and
 * the jars that it names. A jar is there before it is named, and goes after its name. Thread-safe.
 */
public final class ChangeStore {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeStore.class);

    /** Before the name of a feature, where bundles and features are named alike. */
    static final String OF_FEATURE = "feature ";

    private static final String FILE = "changes.json";
    private static final long FORM = 1;
    private static final int LONGEST = 4 << 20;

    private final Path file;
    private final Path jars;

    // Guarded by the monitor; in the order of the changes.
    private final Map<String, BundleChange> bundles = new LinkedHashMap<>();
    private final Map<String, Boolean> features = new LinkedHashMap<>();

    /**
     * Reads what was kept. A file that cannot be read is set aside with a warning: what features
     * and plugins bring runs then.
     */
    public ChangeStore(Path directory) throws IOException {
        file = directory.resolve(FILE);
        jars = PrivateDirectory.create(directory.resolve("bundles"));
        if (!Files.exists(file)) {
            return;
        }
        try {
            read();
            removeUnnamed();
        } catch (IOException | IllegalArgumentException | ClassCastException e) {
            bundles.clear();
            features.clear();
            Path aside = file.resolveSibling(FILE + ".unreadable");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn(
                    "the kept changes cannot be read, and are set aside as {}; what features and"
                            + " plugins bring is used: {}",
                    aside,
                    Failures.sentence(e));
        }
    }

    private void read() throws IOException {
        Optional<String> weakness = TrustedFiles.weakness(file);
        if (weakness.isPresent()) {
            throw new IOException(weakness.get());
        }
        Map<String, Object> members = members();
        if (!(members.get("form") instanceof Number form) || form.longValue() != FORM) {
            throw new IllegalArgumentException(
                    "it has another form than " + FORM + ": a newer Netloop may have written it");
        }
        for (Object each : (List<?>) members.getOrDefault("bundles", List.of())) {
            BundleChange change = BundleChange.read((Map<?, ?>) each);
            bundles.put(change.name(), change);
        }
        ((Map<?, ?>) members.getOrDefault("features", Map.of()))
                .forEach((name, added) -> features.put(String.valueOf(name), (Boolean) added));
    }

    private Map<String, Object> members() throws IOException {
        String text = SmallFile.text(file, LONGEST);
        try {
            return JSON.std.mapFrom(text);
        } catch (JacksonException e) {
            throw new IOException("it is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A jar too many does no harm: the next change tries again. */
    private void removeUnnamed() {
        Set<Path> named = new HashSet<>();
        for (BundleChange change : bundles.values()) {
            if (change.source() != null) {
                named.add(jar(change.source()));
            }
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(jars)) {
            for (Path each : all) {
                if (!named.contains(each)) {
                    remove(each);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("kept jars that no change names are not removed: {}", Failures.sentence(e));
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("a kept jar that no change names stays: {}", Failures.sentence(e));
        }
    }

    /** Changes of bundles, the first one first. */
    synchronized List<BundleChange> bundles() {
        return List.copyOf(bundles.values());
    }

    /** The change of a bundle; null if it is as features and plugins bring it. */
    synchronized @Nullable BundleChange bundle(String name) {
        return bundles.get(name);
    }

    /** Returns whether each changed feature was added; else it was removed. */
    public synchronized Map<String, Boolean> features() {
        return new LinkedHashMap<>(features);
    }

    /** Path of a kept jar. */
    Path jar(BundleChange.Source source) {
        return jars.resolve(source.file());
    }

    /**
     * Keeps a copy of a jar under a name that depends on its bytes.
     *
     * @return the name
     * @throws IOException if it has another digest, or cannot be copied
     */
    String keepJar(String bundle, String digest, Path jar) throws IOException {
        String name =
                bundle.replaceAll("[^\\w.-]", "_") + "-" + digest.replaceFirst(".*:", "") + ".jar";
        try (AtomicFile copy =
                AtomicFile.create(jars.resolve(name), PrivateDirectory.ownersFile())) {
            if (!JarDigest.copy(jar, copy::write).equals(digest)) {
                throw new IOException(jar + " was changed while it was copied");
            }
            copy.finish();
        }
        return name;
    }

    /** Keeps the change of a bundle in place of the former one. */
    synchronized void put(BundleChange change) throws IOException {
        Map<String, BundleChange> next = new LinkedHashMap<>(bundles);
        next.remove(change.name());
        next.put(change.name(), change);
        replace(next, features);
    }

    /**
     * Forgets the change of a bundle, or of the feature {@code feature NAME}; returns whether there
     * was one.
     */
    synchronized boolean forget(String name) throws IOException {
        Map<String, BundleChange> next = new LinkedHashMap<>(bundles);
        Map<String, Boolean> nextFeatures = new LinkedHashMap<>(features);
        boolean bundle = next.remove(name) != null;
        boolean feature =
                name.startsWith(OF_FEATURE)
                        && nextFeatures.remove(name.substring(OF_FEATURE.length())) != null;
        if (bundle || feature) {
            replace(next, nextFeatures);
        }
        return bundle || feature;
    }

    /** Keeps that a feature was added or removed. */
    public synchronized void putFeature(String name, boolean added) throws IOException {
        Map<String, Boolean> next = new LinkedHashMap<>(features);
        next.remove(name);
        next.put(name, added);
        replace(bundles, next);
    }

    private void replace(Map<String, BundleChange> nextBundles, Map<String, Boolean> nextFeatures)
            throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        nextBundles.values().forEach(change -> rows.add(change.members()));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("form", FORM);
        members.put("bundles", rows);
        members.put("features", nextFeatures);
        String text = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(members);
        AtomicFile.write(
                file,
                ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)),
                PrivateDirectory.ownersFile());
        Map<String, BundleChange> copy = new LinkedHashMap<>(nextBundles);
        Map<String, Boolean> copyOfFeatures = new LinkedHashMap<>(nextFeatures);
        bundles.clear();
        bundles.putAll(copy);
        features.clear();
        features.putAll(copyOfFeatures);
        removeUnnamed();
    }
}

package org.netloop.control.changes;

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
import java.nio.file.LinkOption;
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
 * the jars that it names. A jar is there before it is named, and goes after its name. While one
 * process succeeds another one, both have it: each change is made to what the file has then, which
 * may be the other's. Thread-safe.
 */
public final class ChangeStore {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeStore.class);

    /** Before the name of a feature, where bundles and features are named alike. */
    static final String OF_FEATURE = "feature ";

    private static final String FILE = "changes.json";
    private static final String ASIDE = FILE + ".unreadable";
    private static final String BUNDLES = "bundles";
    private static final String FEATURES = "features";
    private static final long FORM = 1;
    private static final int LONGEST = 4 << 20;

    private final Path file;
    private final Path aside;
    private final Path jars;

    // Guarded by the monitor; replaced as a whole.
    private Contents contents = new Contents();

    /** Contents of the file, in the order of the changes. */
    private record Contents(Map<String, BundleChange> bundles, Map<String, Boolean> features) {
        private Contents() {
            this(new LinkedHashMap<>(), new LinkedHashMap<>());
        }

        private Contents copy() {
            return new Contents(new LinkedHashMap<>(bundles), new LinkedHashMap<>(features));
        }
    }

    /**
     * Reads what was kept. A file that cannot be read is left alone with a warning, and what
     * features and plugins bring runs; the next change sets it aside.
     */
    public ChangeStore(Path directory) throws IOException {
        file = directory.resolve(FILE);
        aside = directory.resolve(ASIDE);
        jars = PrivateDirectory.create(directory.resolve(BUNDLES));
        if (!Files.exists(file)) {
            return;
        }
        try {
            contents = read();
            removeUnnamed();
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "the kept changes in {} cannot be read; what features and plugins bring is"
                            + " used: {}",
                    file,
                    Failures.sentence(e));
        }
    }

    /**
     * Returns a copy to change of what the file has now: another process may have kept something,
     * or an operator mended the file.
     */
    private Contents readAgain() throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return contents.copy();
        }
        try {
            contents = read();
        } catch (IOException | IllegalArgumentException e) {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn(
                    "the kept changes are set aside as {}, as they cannot be read; their jars stay"
                            + " until that file is gone: {}",
                    aside,
                    Failures.sentence(e));
        }
        return contents.copy();
    }

    private Contents read() throws IOException {
        Optional<String> weakness = TrustedFiles.weakness(file);
        if (weakness.isPresent()) {
            throw new IOException(weakness.get());
        }
        Map<String, Object> members = members();
        if (!(members.get("form") instanceof Number form) || form.longValue() != FORM) {
            throw new IllegalArgumentException(
                    "it has another form than " + FORM + ": a newer Netloop may have written it");
        }
        if (!(members.getOrDefault(BUNDLES, List.of()) instanceof List<?> rows)
                || !(members.getOrDefault(FEATURES, Map.of()) instanceof Map<?, ?> added)) {
            throw new IllegalArgumentException(
                    BUNDLES + " is not a list, or " + FEATURES + " not an object");
        }
        Contents found = new Contents();
        for (Object row : rows) {
            if (!(row instanceof Map<?, ?> each)) {
                throw new IllegalArgumentException("one of its " + BUNDLES + " is not an object");
            }
            BundleChange change = BundleChange.read(each);
            found.bundles().put(change.name(), change);
        }
        added.forEach(
                (name, is) -> found.features().put(String.valueOf(name), Boolean.TRUE.equals(is)));
        return found;
    }

    private Map<String, Object> members() throws IOException {
        Map<String, Object> members = JSON.std.mapFrom(SmallFile.text(file, LONGEST));
        if (members == null) {
            throw new IOException("it holds no JSON object");
        }
        return members;
    }

    /**
     * A jar too many does no harm: the next change tries again. None is removed that the file which
     * was set aside may name.
     */
    private void removeUnnamed() {
        if (Files.exists(aside)) {
            return;
        }
        Set<Path> named = new HashSet<>();
        for (BundleChange change : contents.bundles().values()) {
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
        return List.copyOf(contents.bundles().values());
    }

    /** The change of a bundle; null if it is as features and plugins bring it. */
    synchronized @Nullable BundleChange bundle(String name) {
        return contents.bundles().get(name);
    }

    /** Returns whether each changed feature was added; else it was removed. */
    public synchronized Map<String, Boolean> features() {
        return new LinkedHashMap<>(contents.features());
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
        Contents next = readAgain();
        next.bundles().remove(change.name());
        next.bundles().put(change.name(), change);
        replace(next);
    }

    /**
     * Forgets the change of a bundle, or of the feature {@code feature NAME}; returns whether there
     * was one.
     */
    synchronized boolean forget(String name) throws IOException {
        Contents next = readAgain();
        boolean bundle = next.bundles().remove(name) != null;
        boolean feature =
                name.startsWith(OF_FEATURE)
                        && next.features().remove(name.substring(OF_FEATURE.length())) != null;
        if (bundle || feature) {
            replace(next);
        }
        return bundle || feature;
    }

    /** Keeps that a feature was added or removed. */
    public synchronized void putFeature(String name, boolean added) throws IOException {
        Contents next = readAgain();
        next.features().remove(name);
        next.features().put(name, added);
        replace(next);
    }

    private void replace(Contents next) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        next.bundles().values().forEach(change -> rows.add(change.members()));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("form", FORM);
        members.put(BUNDLES, rows);
        members.put(FEATURES, next.features());
        String text = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(members);
        AtomicFile.write(
                file,
                ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)),
                PrivateDirectory.ownersFile());
        contents = next;
        removeUnnamed();
    }
}

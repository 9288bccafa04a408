package org.netloop.control.config;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.AtomicFile;
import org.netloop.api.file.PrivateDirectory;
import org.netloop.control.changes.ConfigHistory;
import org.netloop.control.registry.DirectoryWatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The configuration of a running deployment: what its files say is in force, while they are right.
 * Thread-safe; one change at a time.
 */
public final class LiveConfiguration implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConfiguration.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Path directory;
    private final BundleContext context;
    private final DirectoryWatch watch;
    private final @Nullable ConfigHistory history;

    // Guarded by the monitor.
    private final Applied applied;
    private ConfigFiles files;

    /** Names in the files that are not installed and were accepted all the same. */
    private Set<String> waiting = Set.of();

    /**
     * Returns the reason why the files are not in force in their present state; empty if they are.
     */
    private volatile String refusal = "";

    /**
     * Puts the files of a directory in force, and follows them.
     *
     * @param history takes what is in force; null if nobody asks for it
     * @param moreToCome whether transports and frontends that they name may yet be installed: what
     *     needs them waits then
     * @throws IOException with all that is wrong with them
     */
    public LiveConfiguration(
            Path directory,
            ConfigurationAdmin admin,
            BundleContext context,
            @Nullable ConfigHistory history,
            boolean moreToCome)
            throws IOException {
        this.directory = directory;
        this.history = history;
        this.context = context;
        this.applied = new Applied(admin, context);
        PrivateDirectory.weakness(directory)
                .ifPresent(weakness -> LOG.warn("{}; changes are refused until then", weakness));
        this.files = checked(ConfigFiles.read(directory), moreToCome);
        applied.begin(values(files));
        remember();
        this.watch = new DirectoryWatch(directory, "*.json", LOOK_EVERY, this::follow);
    }

    private ConfigFiles checked(ConfigFiles candidate, boolean moreToCome) throws RefusedException {
        List<Problem> problems =
                Check.problems(candidate, Schema.of(context), Installed.of(context));
        List<Problem> lasting =
                problems.stream()
                        .filter(
                                each ->
                                        !each.mayPass()
                                                || !moreToCome && !waiting.contains(each.what()))
                        .toList();
        if (!lasting.isEmpty()) {
            throw new RefusedException(Problem.tell(lasting));
        }
        problems.stream()
                .filter(each -> !waiting.contains(each.what()))
                .forEach(each -> LOG.warn("{}; what needs it waits", each));
        waiting = problems.stream().map(Problem::what).collect(toSet());
        return candidate;
    }

    private static Map<String, Map<String, Object>> values(ConfigFiles files) {
        Map<String, Map<String, Object>> values = new LinkedHashMap<>();
        files.entries().forEach(entry -> values.put(entry.pid(), entry.properties()));
        return values;
    }

    /** Tries again what was refused, as something was installed that it may have lacked. */
    public synchronized void lookAgain() {
        if (!refusal.isEmpty()) {
            try {
                follow();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void follow() throws InterruptedException {
        try {
            Optional<String> weakness = PrivateDirectory.weakness(directory);
            if (weakness.isPresent()) {
                throw new RefusedException(weakness.get());
            }
            ConfigFiles now = ConfigFiles.read(directory);
            if (!now.texts().equals(files.texts()) || !refusal.isEmpty()) {
                change(now);
            }
            refusal = "";
        } catch (IOException e) {
            String why = RefusedException.told(e);
            if (!why.equals(refusal)) {
                refusal = why;
                LOG.warn(
                        "the configuration is refused, and the former one stays in force: {}", why);
            }
        }
    }

    private void change(ConfigFiles next) throws IOException, InterruptedException {
        Set<String> changed = applied.change(values(checked(next, false)));
        files = next;
        remember();
        if (!changed.isEmpty()) {
            LOG.info("the configuration of {} is in force", String.join(", ", changed));
        }
    }

    /**
     * Returns the reason why the files are not in force in their present state; empty if they are.
     */
    public String refusal() {
        return refusal;
    }

    /** The entries in force. */
    public synchronized List<Entry> entries() {
        return files.entries();
    }

    /** The volume of that name. */
    public Entry volume(String name) throws RefusedException {
        Map<String, Entry> volumes = new TreeMap<>();
        entries().stream()
                .filter(each -> each.kind().equals(Check.VOLUME))
                .forEach(each -> volumes.put(Check.text(each, "name"), each));
        Entry found = volumes.get(name);
        if (found == null) {
            throw Check.noVolume(name, volumes.keySet());
        }
        return found;
    }

    /** The texts that a key of an entry has; empty if it is not there. */
    public static List<String> texts(Entry entry, String key) {
        return Check.texts(entry, key);
    }

    /**
     * Sets keys of a configuration, in force and in its file.
     *
     * @param words by key, as they are said on a command line
     */
    public synchronized void set(String pid, Map<String, String> words)
            throws IOException, InterruptedException {
        ConfigFiles next = undisturbed();
        for (Map.Entry<String, String> word : words.entrySet()) {
            Entry entry = entry(next, pid);
            Attribute attribute = attribute(entry, word.getKey());
            next = with(next, entry, word.getKey(), attribute.parse(word.getValue()));
        }
        takeOver(next, entry(next, pid).file());
    }

    /** Sets a key of a configuration to a list, in force and in its file. */
    public synchronized void set(String pid, String key, List<String> values)
            throws IOException, InterruptedException {
        ConfigFiles next = undisturbed();
        Entry entry = entry(next, pid);
        takeOver(with(next, entry, key, values), entry.file());
    }

    private ConfigFiles undisturbed() throws IOException {
        ConfigFiles now = ConfigFiles.read(directory);
        if (!now.texts().equals(files.texts())) {
            throw new RefusedException(
                    refusal.isEmpty()
                            ? "the files were changed just now; ask again in a moment"
                            : "the files are wrong already; mend them first: " + refusal);
        }
        return files;
    }

    private static ConfigFiles with(ConfigFiles files, Entry entry, String key, Object value)
            throws IOException {
        String text = String.valueOf(files.texts().get(entry.file()));
        return files.with(entry.file(), Edit.set(text, entry, key, value));
    }

    private static Entry entry(ConfigFiles files, String pid) throws RefusedException {
        return files.entries().stream()
                .filter(entry -> entry.pid().equals(pid))
                .findFirst()
                .orElseThrow(() -> new RefusedException("nothing is configured as " + pid));
    }

    private Attribute attribute(Entry entry, String key) throws RefusedException {
        Schema.Described described = Schema.of(context).described().get(entry.kind());
        Attribute attribute = described == null ? null : described.attributes().get(key);
        if (attribute == null) {
            throw new RefusedException(
                    entry.pid()
                            + " has no key '"
                            + key
                            + "'"
                            + (described == null
                                    ? ""
                                    : "; there are "
                                            + String.join(", ", described.attributes().keySet())));
        }
        return attribute;
    }

    /** The file is written once the change was made: what is refused leaves no trace. */
    private void takeOver(ConfigFiles next, Path file) throws IOException, InterruptedException {
        String text = String.valueOf(next.texts().get(file));
        try (AtomicFile fresh = AtomicFile.create(file)) {
            fresh.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            change(next);
            fresh.finish();
        }
    }

    private void remember() {
        if (history != null) {
            history.add(files.texts());
        }
    }

    /**
     * Returns the former configurations.
     *
     * @throws RefusedException if none are kept
     */
    public ConfigHistory history() throws RefusedException {
        if (history == null) {
            throw new RefusedException(
                    "this deployment keeps no history: start it with --keep DIR");
        }
        return history;
    }

    /** Tells in which keys a snapshot differs from what is in force, secrets hidden. */
    public synchronized List<String> difference(long number) throws IOException {
        return Difference.lines(texts(history().get(number)), files.texts());
    }

    private Map<Path, String> texts(ConfigHistory.Snapshot snapshot) {
        Map<Path, String> texts = new TreeMap<>();
        snapshot.texts().forEach((name, text) -> texts.put(directory.resolve(name), text));
        return texts;
    }

    /**
     * Puts a snapshot in force, and its files in place of the present ones.
     *
     * @throws RefusedException if it does not fit what is installed, or does not take effect; all
     *     is as before then
     */
    public synchronized String rollback(long number) throws IOException, InterruptedException {
        ConfigHistory.Snapshot snapshot = history().get(number);
        Map<Path, String> before = undisturbed().texts();
        Map<Path, String> wanted = texts(snapshot);
        if (wanted.equals(before)) {
            return "snapshot " + number + " is in force already";
        }
        try (FileSet fresh = FileSet.create(before, wanted)) {
            change(ConfigFiles.of(wanted));
            history().begin(snapshot.texts());
            fresh.finish();
            history().end();
        }
        return "snapshot " + number + " is in force";
    }

    /**
     * Returns what would be wrong with the files in force without some bundles, a sentence each.
     */
    public synchronized List<String> brokenWithout(Set<Bundle> bundles) {
        List<Bundle> rest = new ArrayList<>(List.of(context.getBundles()));
        rest.removeAll(bundles);
        Set<String> now = told(Schema.of(context), Installed.of(context));
        return told(Schema.of(rest), Installed.without(bundles, context)).stream()
                .filter(each -> !now.contains(each))
                .toList();
    }

    private Set<String> told(Schema schema, Installed installed) {
        return Check.problems(files, schema, installed).stream()
                .map(Problem::toString)
                .collect(toCollection(LinkedHashSet::new));
    }

    /**
     * Gives a configuration of a feature, which applies where files mention none.
     *
     * @param values null to take it away
     */
    public synchronized void beneath(String pid, @Nullable Map<String, Object> values)
            throws IOException {
        applied.beneath(pid, values);
    }

    /** Gives a configuration of a feature before there are files in force. */
    public static void beneath(
            ConfigurationAdmin admin,
            BundleContext context,
            String pid,
            @Nullable Map<String, Object> values)
            throws IOException {
        new Applied(admin, context).beneath(pid, values);
    }

    /** Follows the files no more; what is in force stays so. */
    @Override
    public void close() {
        watch.close();
    }
}

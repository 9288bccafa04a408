package org.netloop.control.changes;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.jr.ob.JSON;

import org.netloop.api.file.AtomicFile;
import org.netloop.api.file.PrivateDirectory;
import org.netloop.api.file.SmallFile;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The last configurations that were in force: a snapshot of all files each, on disk, readable by
 * the owner alone because files may hold secrets. Thread-safe.
 */
public final class ConfigHistory {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigHistory.class);
    private static final int MOST = 10;
    private static final int LONGEST = 64 << 20;
    private static final String JSON_FILE = ".json";
    private static final String PENDING = "pending";

    private final Path directory;
    private final Clock clock;

    /** Opens the history in a directory that is kept; makes it if it is not there. */
    public ConfigHistory(Path kept, Clock clock) throws IOException {
        this.directory = PrivateDirectory.create(kept.resolve("config"));
        this.clock = clock;
    }

    /**
     * A configuration that was in force.
     *
     * @param number counted from 1
     * @param since when it came into force, in ISO 8601
     * @param texts of the files, by their names
     */
    public record Snapshot(long number, String since, Map<String, String> texts) {}

    /**
     * Adds what is in force now, unless it is the same as the last; warns if that fails. A
     * replacement of files that did not end is not completed any more.
     */
    public synchronized void add(Map<Path, String> texts) {
        try {
            end();
            Map<String, String> byName = new TreeMap<>();
            texts.forEach((file, text) -> byName.put(file.getFileName().toString(), text));
            List<Long> numbers = numbers();
            if (!numbers.isEmpty() && isLast(numbers.getLast(), byName)) {
                return;
            }
            long next = numbers.isEmpty() ? 1 : numbers.getLast() + 1;
            write(file(next), byName);
            for (int i = 0; i <= numbers.size() - MOST; i++) {
                Files.deleteIfExists(file(numbers.get(i)));
            }
        } catch (IOException e) {
            LOG.warn(
                    "the configuration in force is not added to its history: {}",
                    Failures.sentence(e));
        }
    }

    private boolean isLast(long number, Map<String, String> texts) {
        try {
            return get(number).texts().equals(texts);
        } catch (IOException e) {
            LOG.warn("{}", Failures.sentence(e));
            return false;
        }
    }

    private void write(Path file, Map<String, String> texts) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("since", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        members.put("files", texts);
        byte[] bytes = JSON.std.asString(members).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, ByteBuffer.wrap(bytes), PrivateDirectory.ownersFile());
    }

    private Path file(long number) {
        return directory.resolve(number + JSON_FILE);
    }

    private List<Long> numbers() throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*" + JSON_FILE)) {
            for (Path each : all) {
                String name = each.getFileName().toString().replace(JSON_FILE, "");
                if (name.matches("[1-9][0-9]{0,17}")) {
                    numbers.add(Long.parseLong(name));
                }
            }
        }
        numbers.sort(null);
        return numbers;
    }

    /** Returns the snapshots that can be read, the oldest first. */
    public synchronized List<Snapshot> list() throws IOException {
        List<Snapshot> snapshots = new ArrayList<>();
        for (long number : numbers()) {
            try {
                snapshots.add(get(number));
            } catch (IOException e) {
                LOG.warn("{}", Failures.sentence(e));
            }
        }
        return snapshots;
    }

    /**
     * Returns a snapshot.
     *
     * @throws IOException if there is none of that number, or it cannot be read
     */
    public synchronized Snapshot get(long number) throws IOException {
        Path file = file(number);
        if (!Files.exists(file)) {
            throw new IOException(
                    "there is no snapshot " + number + "; see netloop config history");
        }
        return read(file, number);
    }

    private static Snapshot read(Path file, long number) throws IOException {
        try {
            Map<String, Object> members = JSON.std.mapFrom(SmallFile.text(file, LONGEST));
            if (members == null
                    || !(members.get("files") instanceof Map<?, ?> files)
                    || !(members.get("since") instanceof String since)) {
                throw new IOException(file + " is not a snapshot");
            }
            Map<String, String> texts = new TreeMap<>();
            for (Map.Entry<?, ?> each : files.entrySet()) {
                texts.put(fileName(String.valueOf(each.getKey())), String.valueOf(each.getValue()));
            }
            return new Snapshot(number, since, texts);
        } catch (JacksonException e) {
            // Not its message: that shows the beginning of the text, secrets and all.
            throw new IOException(file + " is damaged: " + Failures.sentence(e));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is not a snapshot: " + Failures.sentence(e), e);
        }
    }

    private static String fileName(String name) {
        if (name.indexOf('/') >= 0 || name.startsWith(".") || !name.endsWith(JSON_FILE)) {
            throw new IllegalArgumentException("'" + name + "' is not a configuration file");
        }
        return name;
    }

    /** Notes that the files are being replaced by these. */
    public synchronized void begin(Map<String, String> texts) throws IOException {
        write(directory.resolve(PENDING), texts);
    }

    /** Notes that all of them are, or none. */
    public synchronized void end() throws IOException {
        Files.deleteIfExists(directory.resolve(PENDING));
    }

    /**
     * Completes the replacement of the files of a directory if a process was killed while it was at
     * it.
     *
     * @throws IOException if the directory cannot be written
     */
    public synchronized void complete(Path configuration) throws IOException {
        Path pending = directory.resolve(PENDING);
        if (!Files.exists(pending)) {
            return;
        }
        Snapshot snapshot = read(pending, 0);
        for (Map.Entry<String, String> each : snapshot.texts().entrySet()) {
            AtomicFile.write(
                    configuration.resolve(each.getKey()),
                    ByteBuffer.wrap(each.getValue().getBytes(StandardCharsets.UTF_8)));
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(configuration, "*" + JSON_FILE)) {
            for (Path each : all) {
                if (!snapshot.texts().containsKey(each.getFileName().toString())) {
                    Files.delete(each);
                }
            }
        }
        LOG.info("a rollback of the configuration, which was interrupted, is complete");
        end();
    }
}

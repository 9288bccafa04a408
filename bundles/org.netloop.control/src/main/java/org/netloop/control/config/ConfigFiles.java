package org.netloop.control.config;

import org.netloop.api.file.SmallFile;
import org.netloop.control.registry.TrustedFiles;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Contents of all {@code *.json} files of a directory together.
 *
 * @param texts the files, by their paths
 * @param entries what they configure
 * @param problems what is wrong with them before anybody asked what it means
 */
public record ConfigFiles(Map<Path, String> texts, List<Entry> entries, List<Problem> problems) {
    private static final int LONGEST = 4 << 20;

    /**
     * Reads them all, in the order of their names.
     *
     * @throws IOException if there are none, or one of them is too long, is no text, or may be
     *     written by another user
     */
    public static ConfigFiles read(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.json")) {
            found.forEach(files::add);
        }
        if (files.isEmpty()) {
            throw new IOException(directory + " has no configuration: expected *.json files in it");
        }
        Collections.sort(files);
        Map<Path, String> texts = new TreeMap<>();
        for (Path file : files) {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new IOException(file + " is not a file: it is not a configuration");
            }
            try {
                Optional<String> weakness = TrustedFiles.weakness(file);
                if (weakness.isPresent()) {
                    throw new RefusedException(weakness.get());
                }
                texts.put(file, SmallFile.text(file, LONGEST));
            } catch (CharacterCodingException e) {
                throw new IOException(file + " is not text in UTF-8", e);
            } catch (NoSuchFileException e) {
                throw new IOException(file + " went while it was read", e);
            }
        }
        return of(texts);
    }

    /** Reads texts as if they were the files of a directory. */
    static ConfigFiles of(Map<Path, String> texts) {
        List<Entry> entries = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        new TreeMap<>(texts)
                .forEach((file, text) -> entries.addAll(Text.read(file, text, problems)));
        Map<String, Entry> byPid = new HashMap<>();
        for (Entry entry : entries) {
            Entry first = byPid.putIfAbsent(entry.pid(), entry);
            if (first != null) {
                problems.add(
                        entry.problem(
                                "it is configured in "
                                        + first.file()
                                        + ":"
                                        + first.line()
                                        + " already"));
            }
        }
        return new ConfigFiles(texts, entries, problems);
    }

    /** The same with another text for one of the files. */
    ConfigFiles with(Path file, String text) {
        Map<Path, String> changed = new TreeMap<>(texts);
        changed.put(file, text);
        return of(changed);
    }
}

package org.netloop.control.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A configuration file in the form of the OSGi Configurator (OSGi Compendium 150): an object whose
 * members are PIDs, {@code pid~name} for one of several, with where each thing stands in it.
 */
final class Text {
    private static final String OF_THE_CONFIGURATOR = ":configurator:";
    private static final int DEEPEST = 8;
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .build();

    private final Path file;
    private final JsonParser parser;
    private final List<Entry> entries = new ArrayList<>();

    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Problem problem;

        private Wrong(Problem problem) {
            super(problem.toString());
            this.problem = problem;
        }
    }

    private Text(Path file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /** Reads the text of a file; what is wrong with it is added to the problems. */
    static List<Entry> read(Path file, String text, List<Problem> problems) {
        try (JsonParser parser = JSON.createParser(text)) {
            Text reading = new Text(file, parser);
            reading.all();
            return reading.entries;
        } catch (Wrong e) {
            problems.add(e.problem);
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            int line = place == null ? 1 : Math.max(1, place.getLineNr());
            problems.add(new Problem(file, line, "", Failures.sentence(e)));
        } catch (IOException e) {
            problems.add(new Problem(file, 1, "", Failures.sentence(e)));
        }
        return List.of();
    }

    private void all() throws IOException, Wrong {
        expect(parser.nextToken() == JsonToken.START_OBJECT, "", "it holds no JSON object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            int line = line();
            String pid = parser.currentName();
            JsonToken value = parser.nextToken();
            if (pid.startsWith(OF_THE_CONFIGURATOR)) {
                parser.skipChildren();
                continue;
            }
            expect(value == JsonToken.START_OBJECT, pid, "it is not an object");
            entries.add(entry(pid, line));
        }
        expect(parser.nextToken() == null, "", "something follows the JSON object");
    }

    private Entry entry(String pid, int line) throws IOException, Wrong {
        Map<String, Entry.Value> values = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            int keyLine = line();
            int keyStart = start();
            String key = parser.currentName();
            parser.nextToken();
            int start = start();
            Object value = value(pid + "/" + key);
            values.put(key, new Entry.Value(value, keyLine, keyStart, start, end()));
        }
        return new Entry(file, line, pid, values, start());
    }

    private Object value(String where) throws IOException, Wrong {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return scalar(where);
        }
        List<Object> several = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            several.add(scalar(where));
        }
        return several;
    }

    private Object scalar(String where) throws IOException, Wrong {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case null, default ->
                    throw new Wrong(
                            new Problem(
                                    file,
                                    line(),
                                    where,
                                    "it is neither text, number, flag nor a list of them"));
        };
    }

    private void expect(boolean holds, String where, @Nullable String what) throws Wrong {
        if (!holds) {
            throw new Wrong(new Problem(file, line(), where, String.valueOf(what)));
        }
    }

    private int line() {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    private int start() {
        return (int) parser.currentTokenLocation().getCharOffset();
    }

    private int end() {
        // Text is read to its end only when it is asked for, as it was in scalar().
        return (int) parser.currentLocation().getCharOffset();
    }
}

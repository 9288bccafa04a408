package org.netloop.format.netloop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.message.Failures;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a JSON document that nobody vouches for, in one pass: known members in their order, others
 * skipped and not kept. Whatever is not as it should be is {@link Corrupt}, with object, member and
 * place.
 */
final class DocumentParser {
    private static final int DEEPEST = 8;
    private static final int LONGEST_NUMBER = 20;
    private static final Pattern DIGEST = Pattern.compile("[a-z0-9-]{1,16}:[0-9a-f]{32,128}");

    /** Names are not kept in a table: it would grow with what a hostile document says. */
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEEPEST)
                                    .maxStringLength(Documents.LONGEST_TEXT)
                                    .maxNameLength(Documents.LONGEST_TEXT)
                                    .maxNumberLength(LONGEST_NUMBER)
                                    .build())
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build();

    private final String object;
    private final JsonParser json;
    private final Set<String> known;
    private @Nullable String next;
    private boolean nextIsFound;

    /** Reads all members of a document, in the order in which they are written. */
    @FunctionalInterface
    interface Reader<T> {
        T read(DocumentParser in) throws IOException;
    }

    /**
     * Form of a kind of document.
     *
     * @param kind its first member's value
     * @param version the only one that is read
     * @param members names of all those that {@code reader} reads
     */
    record Grammar<T>(String kind, int version, Set<String> members, Reader<T> reader) {}

    /** Reads the values of an array in an array. */
    @FunctionalInterface
    interface Row {
        void read() throws IOException;
    }

    private DocumentParser(String object, JsonParser json, Set<String> known) {
        this.object = object;
        this.json = json;
        this.known = known;
    }

    /**
     * Reads a document.
     *
     * @param object what messages call it
     */
    static <T> T parse(String object, ByteBuffer document, Grammar<T> grammar)
            throws FetchException {
        if (!Documents.recognises(document)) {
            throw new Corrupt(object + " is not a document of format netloop");
        }
        try (JsonParser json = FACTORY.createParser(new ByteBufferInputStream(document))) {
            DocumentParser in = new DocumentParser(object, json, grammar.members());
            in.begin(grammar.kind(), grammar.version());
            T read = grammar.reader().read(in);
            in.end();
            return read;
        } catch (FetchException e) {
            throw e;
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new Corrupt(object + " is malformed: " + Failures.sentence(e), e);
        }
    }

    private void begin(String kind, int version) throws IOException {
        json.nextToken();
        json.nextFieldName();
        if (!kind.equals(json.nextTextValue())) {
            throw corrupt(Documents.MAGIC, "'" + kind + "'");
        }
        if (!Documents.VERSION.equals(json.nextFieldName())) {
            throw corrupt(Documents.VERSION, "the second member");
        }
        if (nextNumber(Documents.VERSION, 0, Integer.MAX_VALUE) != version) {
            throw new FetchException.Unsupported(
                    object
                            + " is of another version than "
                            + version
                            + ": update the feature format-netloop");
        }
    }

    private void end() throws IOException {
        find();
        if (next != null) {
            throw corrupt(next, "in its place, or not there once");
        }
        if (json.nextToken() != null) {
            throw new Corrupt(object + " continues after its end");
        }
    }

    /** Goes to the name of the next member that is known, or to the end. */
    private void find() throws IOException {
        while (!nextIsFound) {
            next = json.nextFieldName();
            nextIsFound = next == null || known.contains(next);
            if (!nextIsFound) {
                json.nextToken();
                json.skipChildren();
            }
        }
    }

    private Corrupt corrupt(String member, String expected) {
        return new Corrupt(
                object
                        + ": "
                        + member
                        + " is not "
                        + expected
                        + " (at character "
                        + json.currentTokenLocation().getCharOffset()
                        + ")");
    }

    /** Returns whether the next known member has that name. */
    boolean has(String member) throws IOException {
        find();
        return member.equals(next);
    }

    private void enter(String member) throws IOException {
        if (!has(member)) {
            throw corrupt(member, "there");
        }
        nextIsFound = false;
    }

    long number(String member, long min, long max) throws IOException {
        enter(member);
        return nextNumber(member, min, max);
    }

    long nextNumber(String member, long min, long max) throws IOException {
        if (json.nextToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != NumberType.BIG_INTEGER) {
            long number = json.getLongValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw corrupt(member, "a number from " + min + " to " + max);
    }

    String text(String member, Pattern pattern) throws IOException {
        enter(member);
        return nextText(member, pattern);
    }

    String nextText(String member, Pattern pattern) throws IOException {
        String text = json.nextTextValue();
        if (text == null || !pattern.matcher(text).matches()) {
            throw corrupt(member, "text of the form " + pattern);
        }
        return text;
    }

    Digest digest(String member) throws IOException {
        return Digest.parse(text(member, DIGEST));
    }

    /** The name of an image. */
    Digest image(String member) throws IOException {
        enter(member);
        return nextImage(member);
    }

    Digest nextImage(String member) throws IOException {
        Digest digest = Digest.parse(nextText(member, DIGEST));
        if (digest.algorithm() != DigestAlgorithm.SHA256) {
            throw corrupt(member, "a digest of " + DigestAlgorithm.SHA256.id());
        }
        return digest;
    }

    /** An object of texts, in the ascending order of their names. */
    Map<String, String> texts(String member, int most) throws IOException {
        enter(member);
        expect(json.nextToken(), JsonToken.START_OBJECT, member, "an object of texts");
        Map<String, String> texts = new LinkedHashMap<>();
        String last = "";
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            String text = json.nextTextValue();
            if (text == null || name.compareTo(last) <= 0 || texts.size() == most) {
                throw corrupt(member, "at most " + most + " texts in the order of their names");
            }
            texts.put(name, text);
            last = name;
        }
        return texts;
    }

    /** An array of arrays. */
    void rows(String member, Row row) throws IOException {
        enter(member);
        String expected = "an array of arrays";
        expect(json.nextToken(), JsonToken.START_ARRAY, member, expected);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.START_ARRAY, member, expected);
            row.read();
            expect(json.nextToken(), JsonToken.END_ARRAY, member, "ended here");
        }
    }

    private void expect(
            @Nullable JsonToken token, JsonToken expectedToken, String member, String expected)
            throws Corrupt {
        if (token != expectedToken) {
            throw corrupt(member, expected);
        }
    }
}

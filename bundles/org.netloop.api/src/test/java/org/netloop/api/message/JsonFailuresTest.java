package org.netloop.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Messages of the parser itself, as its next version may word them differently. */
class JsonFailuresTest {
    private static final int ROUNDS = 5_000;
    private static final String DOCUMENT =
            """
            {"netloop": "manifest", "version": 1, "rows": [1, -2.5e3, 123456789012345, [true, null]],
             "labels": {"x": "a\\n\\u00e4 \\"q\\"", "y": {"z": [[1,2],[3,4]]}}, "t": "ü€😀"}
            """;

    /** Pieces of JSON, and of what is nearly JSON, that damage is made of. */
    private static final String PIECES =
            "{}[]:,\"\\u0/'*#NaInfty-+.eE \t\n\0\7\37\177\u0085xtruefalsenull";

    private static final JsonFactory STRICT =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(6)
                                    .maxStringLength(40)
                                    .maxNameLength(20)
                                    .maxNumberLength(20)
                                    .build())
                    .build();

    /** One way to read a document. */
    private interface Reader {
        void read(byte[] document) throws IOException;
    }

    private static void walk(JsonParser parser) throws IOException {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.VALUE_NUMBER_INT) {
                parser.getLongValue();
            } else {
                parser.getText();
            }
        }
    }

    private static void bytes(byte[] document) throws IOException {
        try (JsonParser parser = STRICT.createParser(document)) {
            walk(parser);
        }
    }

    private static void text(byte[] document) throws IOException {
        try (JsonParser parser =
                STRICT.createParser(new String(document, StandardCharsets.UTF_8))) {
            walk(parser);
        }
    }

    private static void object(byte[] document) throws IOException {
        JSON.std.mapFrom(new String(document, StandardCharsets.UTF_8));
    }

    private static @Nullable String sentence(Reader reader, byte[] document) {
        try {
            reader.read(document);
            return null;
        } catch (IOException e) {
            return Failures.sentence(e);
        }
    }

    /** Puts in, takes out, replaces, cuts off or repeats something at one to three places. */
    private static byte[] damaged(Random random) {
        byte[] document = DOCUMENT.getBytes(StandardCharsets.UTF_8);
        for (int places = random.nextInt(3); places >= 0 && document.length > 0; places--) {
            int at = random.nextInt(document.length);
            int piece =
                    random.nextInt(6) == 0
                            ? random.nextInt(256)
                            : PIECES.charAt(random.nextInt(PIECES.length()));
            int kept = random.nextBoolean() ? at : Math.min(document.length, at + 1);
            boolean cut = random.nextInt(8) == 0;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(document, 0, at);
            for (int times = random.nextInt(8) == 0 ? 50 : random.nextInt(2); times > 0; times--) {
                out.write(piece);
            }
            if (!cut) {
                out.write(document, kept, document.length - kept);
            }
            document = out.toByteArray();
        }
        return document;
    }

    @Test
    void noDamageMakesASentenceNameTheParser() {
        Random random = new Random(20061);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] document = damaged(random);
            for (Reader reader :
                    new Reader[] {
                        JsonFailuresTest::bytes, JsonFailuresTest::text, JsonFailuresTest::object
                    }) {
                String sentence = sentence(reader, document);
                if (sentence != null) {
                    refused++;
                    assertThat(sentence)
                            .as(new String(document, StandardCharsets.UTF_8))
                            .doesNotContain("Jackson", "CTRL-CHAR", "org.", "com.", "java.")
                            .doesNotContain("Exception", "Source", "START_", "VALUE_", "Feature")
                            .doesNotContain(JsonFailures.UNKNOWN, "\n", "null")
                            .contains(" ");
                }
            }
        }
        assertThat(refused).isGreaterThan(ROUNDS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\": [1 | JSON error in line 1, column 9: it ends too early, opened in line 1,"
                        + " column 7",
                "{\"a\" 1} | JSON error in line 1, column 6: a colon was expected after the name,"
                        + " not '1'",
                "{\"a\": 1 2} | JSON error in line 1, column 9: a comma or the end of the object was"
                        + " expected, not '2'",
                "{\"a\": [1}  | JSON error in line 1, column 9: ']' was expected, not '}', opened in"
                        + " line 1, column 7",
                "{a: 1} | JSON error in line 1, column 2: a name in double quotes was expected, not"
                        + " 'a'",
                "{\"a\": secret} | JSON error in line 1, column 7: a value was expected; text needs"
                        + " double quotes",
                "{\"a\": '} | JSON error in line 1, column 7: a value was expected, not '''",
                "{\"a\": 007} | JSON error in line 1, column 8: a number has leading zeros",
                "{\"a\": 1, \"a\": 2} | JSON error in line 1, column 13: the name 'a' is there twice",
                "{\"a\": \"\\q\"} | JSON error in line 1, column 9: 'q' is not allowed after a"
                        + " backslash",
                "// | JSON error in line 1, column 1: comments are not allowed",
                "[[[[[[[ | JSON error: the document nesting depth is 7, and may be at most 6",
            })
    void whatIsWrongIsSaidInWords(String document, String sentence) {
        assertThat(sentence(JsonFailuresTest::text, document.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(sentence);
    }

    @Test
    void aControlCharacterIsToldByItsCodePoint() {
        assertThat(sentence(JsonFailuresTest::text, "{\0}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(
                        "JSON error in line 1, column 3: control character U+0000 is not allowed"
                                + " here");
        assertThat(
                        sentence(
                                JsonFailuresTest::text,
                                "{\"a\": \"\7\"}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(
                        "JSON error in line 1, column 8: control character U+0007 has to be escaped"
                                + " within text");
    }

    @Test
    void anotherKindOfValueThanAnObjectIsRefusedInWords() {
        assertThat(sentence(JsonFailuresTest::object, "[]".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("JSON error in line 1, column 1: an object was expected");
        assertThat(sentence(JsonFailuresTest::object, new byte[0]))
                .isEqualTo("JSON error in line 1: it is empty");
    }

    @Test
    void theNextVersionsMessagesDoNotLeakEither() {
        assertThat(
                        Failures.sentence(
                                new com.fasterxml.jackson.core.JsonParseException(
                                        null, "Cannot frobnicate `JsonThing`: hunter2")))
                .isEqualTo("JSON error: it is not valid JSON");
        assertThat(
                        Failures.sentence(
                                new IOException(
                                        "Odd (CTRL-CHAR, code 0)\n at [Source: REDACTED"
                                                + " (`F.INCLUDE` disabled); line: 3, column: 8]")))
                .isEqualTo("JSON error in line 3, column 8: it is not valid JSON");
    }
}

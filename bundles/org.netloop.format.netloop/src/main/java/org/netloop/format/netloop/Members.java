package org.netloop.format.netloop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException.Corrupt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * The members of a JSON object that nobody vouches for. Whatever is not as it should be is {@link
 * Corrupt}, with the object and the member named.
 */
final class Members {
    private static final int DEEPEST = 8;
    private static final int LONGEST_STRING = 4096;
    private static final int LONGEST_NUMBER = 20;

    private static final JSON PARSER =
            new JSON(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .maxStringLength(LONGEST_STRING)
                                                    .maxNumberLength(LONGEST_NUMBER)
                                                    .maxNameLength(LONGEST_STRING)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .without(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final String object;
    private final Map<String, Object> members;

    private Members(String object, Map<String, Object> members) {
        this.object = object;
        this.members = members;
    }

    /** Parses a document of a kind, which its first members tell. */
    static Members parse(String object, ByteBuffer document, String kind, int version)
            throws Corrupt {
        byte[] bytes = new byte[document.remaining()];
        document.duplicate().get(bytes);
        Map<String, Object> map;
        try (JsonParser parser = ((JsonFactory) PARSER.getStreamingFactory()).createParser(bytes)) {
            map = PARSER.mapFrom(parser);
            if (parser.nextToken() != null) {
                throw new Corrupt(object + " goes on after its end");
            }
        } catch (Corrupt e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new Corrupt(object + " is not JSON as it should be: " + e.getMessage(), e);
        }
        Members members = new Members(object, map);
        if (!kind.equals(map.get("netloop"))) {
            throw members.corrupt("netloop", "'" + kind + "'");
        }
        if (members.number("version", 0, Integer.MAX_VALUE) != version) {
            throw members.corrupt("version", version + ": a newer netloop wrote it");
        }
        return members;
    }

    String object() {
        return object;
    }

    Corrupt corrupt(String member, String expected) {
        return new Corrupt(object + ": " + member + " is not " + expected);
    }

    long number(String member, long min, long max) throws Corrupt {
        return number(member, members.get(member), min, max);
    }

    long number(String member, @Nullable Object value, long min, long max) throws Corrupt {
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw corrupt(member, "a number from " + min + " to " + max);
    }

    String text(String member, String pattern) throws Corrupt {
        if (members.get(member) instanceof String text && text.matches(pattern)) {
            return text;
        }
        throw corrupt(member, "text of the form " + pattern);
    }

    Digest digest(String member) throws Corrupt {
        return digest(member, members.get(member));
    }

    private Digest digest(String member, @Nullable Object value) throws Corrupt {
        if (value instanceof String text) {
            try {
                return Digest.parse(text);
            } catch (IllegalArgumentException e) {
                throw new Corrupt(object + ": " + member + ": " + e.getMessage(), e);
            }
        }
        throw corrupt(member, "a digest");
    }

    @Nullable Digest digestOrNull(String member) throws Corrupt {
        Object value = members.get(member);
        return value == null ? null : digest(member, value);
    }

    List<?> list(String member) throws Corrupt {
        if (members.get(member) instanceof List<?> list) {
            return list;
        }
        throw corrupt(member, "a list");
    }

    Map<?, ?> map(String member) throws Corrupt {
        if (members.get(member) instanceof Map<?, ?> map) {
            return map;
        }
        throw corrupt(member, "an object");
    }
}

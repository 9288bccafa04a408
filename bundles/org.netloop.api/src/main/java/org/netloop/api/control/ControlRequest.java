package org.netloop.api.control;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request to a running deployment. Immutable but for the values of its members, which nobody else
 * holds.
 *
 * @param verb what is asked for: {@code volume.set}
 * @param members its arguments: texts, numbers, booleans, nulls, lists and maps of them, as the
 *     client sent them
 */
public record ControlRequest(String verb, Map<String, @Nullable Object> members) {

    /** Copies the map. */
    public ControlRequest {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /**
     * The text of a member.
     *
     * @throws IllegalArgumentException if there is none
     */
    public String text(String member) {
        if (members.get(member) instanceof String text) {
            return text;
        }
        throw missing(member);
    }

    /**
     * The whole number of a member.
     *
     * @throws IllegalArgumentException if there is none
     */
    public long number(String member) {
        if (members.get(member) instanceof Number number) {
            return number.longValue();
        }
        throw missing(member);
    }

    /**
     * The texts of a member that is an object, each value as text.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Map<String, String> texts(String member) {
        if (members.get(member) instanceof Map<?, ?> given) {
            Map<String, String> texts = new LinkedHashMap<>();
            given.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
            return texts;
        }
        throw missing(member);
    }

    private IllegalArgumentException missing(String member) {
        return new IllegalArgumentException(
                "the request '" + verb + "' lacks the member '" + member + "'");
    }
}

package org.netloop.control.socket;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Printable;
import org.netloop.api.message.Secrets;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sanitised form of an answer, without secrets: the client prints it on a terminal, or keeps it in
 * a file.
 */
final class Shown {
    private Shown() {}

    /** The same members, fit to be shown. */
    static Map<?, ?> of(Map<?, ?> members) {
        Map<Object, @Nullable Object> shown = new LinkedHashMap<>();
        members.forEach((key, member) -> shown.put(of(key), of(member)));
        return shown;
    }

    /** The same map, lists and texts, with each text fit to be shown. */
    static @Nullable Object of(@Nullable Object value) {
        return switch (value) {
            case String text -> Printable.lines(Secrets.hide(text));
            case List<?> several -> several.stream().map(Shown::of).toList();
            case Map<?, ?> members -> of(members);
            case null -> null;
            default -> value;
        };
    }
}

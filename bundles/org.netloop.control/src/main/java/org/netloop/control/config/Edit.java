package org.netloop.control.config;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;

/** Changes one value in the text of a file, and leaves the rest as its author wrote it. */
final class Edit {
    private Edit() {}

    /** The text of the file with a key of a configuration in it set to a value. */
    static String set(String text, Entry entry, String key, Object value) throws IOException {
        String written = JSON.std.asString(value);
        Entry.Value old = entry.values().get(key);
        if (old != null) {
            return text.substring(0, old.start()) + written + text.substring(old.end());
        }
        String member = JSON.std.asString(key) + ": " + written;
        if (entry.values().isEmpty()) {
            return text.substring(0, entry.end()) + member + text.substring(entry.end());
        }
        Entry.Value last = entry.values().values().stream().toList().getLast();
        return text.substring(0, last.end())
                + ","
                + before(text, last.keyStart())
                + member
                + text.substring(last.end());
    }

    /** The white space before a key: a member after it is written as it is. */
    private static String before(String text, int keyStart) {
        int begin = keyStart;
        while (Character.isWhitespace(text.charAt(begin - 1))) {
            begin--;
        }
        return begin == keyStart
                        || text.charAt(begin - 1) == '{' && text.indexOf('\n', begin) >= keyStart
                ? " "
                : text.substring(begin, keyStart);
    }
}

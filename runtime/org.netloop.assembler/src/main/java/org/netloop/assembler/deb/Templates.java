package org.netloop.assembler.deb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Texts beside this class, with words in them replaced. */
final class Templates {
    private Templates() {}

    /** Returns a text, in which each {@code @KEY@} is replaced by its value. */
    static String text(String name, Map<String, String> values) throws IOException {
        try (InputStream in = Templates.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the assembler lacks its own file " + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace("@" + value.getKey() + "@", value.getValue());
            }
            return text;
        }
    }
}

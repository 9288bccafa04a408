package org.netloop.command;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** Results for programs: one JSON object a line. */
final class Json {
    private static final JSON WRITER = JSON.std;

    private Json() {}

    /** Prints one object as one line. */
    static void print(PrintStream out, Map<String, ?> object) throws IOException {
        out.println(WRITER.asString(object));
    }
}

package org.netloop.format.netloop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** JSON documents written always the same way: members in their order, no needless space. */
final class Documents {
    static final String MAGIC = "netloop";
    static final String VERSION = "version";

    /** The longest string a document may have, in UTF-16 code units. */
    static final int LONGEST_TEXT = 4096;

    private static final byte[] HEAD = ("{\"" + MAGIC + "\":\"").getBytes(US_ASCII);
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Writes the members of a document. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private Documents() {}

    static boolean recognises(ByteBuffer head) {
        return head.remaining() >= HEAD.length
                && head.slice(head.position(), HEAD.length).equals(ByteBuffer.wrap(HEAD));
    }

    static ByteBuffer write(String kind, int version, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField(MAGIC, kind);
            json.writeNumberField(VERSION, version);
            body.write(json);
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}

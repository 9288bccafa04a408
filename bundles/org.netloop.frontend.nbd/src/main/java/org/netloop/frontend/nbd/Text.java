package org.netloop.frontend.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Printable;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * Strings of the protocol: UTF-8 without zero characters, at most {@value Nbd#MAX_STRING} bytes.
 */
final class Text {
    /** The bits of a byte that show it to continue a character, and how they are then. */
    private static final int CONTINUES_MASK = 0xc0;

    private static final int CONTINUES = 0x80;

    private Text() {}

    /** A name that a client sent; null if it is not a string of the protocol. */
    static @Nullable String name(ByteBuffer bytes) {
        if (bytes.remaining() > Nbd.MAX_STRING) {
            return null;
        }
        try {
            String text = UTF_8.newDecoder().decode(bytes).toString();
            return text.indexOf('\0') < 0 ? text : null;
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    /**
     * The name of an export to be.
     *
     * @throws IllegalArgumentException if no client could ask for it; the message says why
     */
    static String checkedName(String name) {
        int length;
        try {
            length = UTF_8.newEncoder().encode(CharBuffer.wrap(name)).remaining();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "the export name '" + Printable.line(name) + "' is not valid Unicode", e);
        }
        if (length > Nbd.MAX_STRING) {
            throw new IllegalArgumentException(
                    "the name of an export has at most "
                            + Nbd.MAX_STRING
                            + " bytes, and this one has "
                            + length);
        }
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "the export name '" + Printable.line(name) + "' has a zero character");
        }
        return name;
    }

    /** A sentence for the people behind a client: printable, cut where it is too long. */
    static byte[] message(String sentence) {
        byte[] bytes = Printable.line(sentence).getBytes(UTF_8);
        if (bytes.length <= Nbd.MAX_STRING) {
            return bytes;
        }
        int end = Nbd.MAX_STRING;
        while ((bytes[end] & CONTINUES_MASK) == CONTINUES) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }
}

package org.netloop.format.netloop;

import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.util.Set;

/**
 * A channel: {@code channels/NAME.json}.
 *
 * @param image the image it points to
 * @param length the length of the image's manifest in bytes, so that it is read like any block
 * @param sequence grows by one with each move, from 1
 */
record ChannelDocument(Digest image, int length, long sequence) {
    static final int MAX_LENGTH = 64 << 10;

    /** The largest integer that every JSON parser reads exactly. */
    static final long MAX_SEQUENCE = (1L << 53) - 1;

    private static final String KIND = "channel";
    private static final int VERSION = 1;
    private static final String IMAGE = "image";
    private static final String LENGTH = "length";
    private static final String SEQUENCE = "sequence";

    static ChannelDocument parse(String object, ByteBuffer document) throws FetchException {
        return DocumentParser.parse(
                object,
                document,
                KIND,
                VERSION,
                Set.of(IMAGE, LENGTH, SEQUENCE),
                in ->
                        new ChannelDocument(
                                in.image(IMAGE),
                                (int) in.number(LENGTH, 1, Manifest.MAX_LENGTH),
                                in.number(SEQUENCE, 1, MAX_SEQUENCE)));
    }

    ByteBuffer write() {
        return Documents.write(
                KIND,
                VERSION,
                json -> {
                    json.writeStringField(IMAGE, image.toString());
                    json.writeNumberField(LENGTH, length);
                    json.writeNumberField(SEQUENCE, sequence);
                });
    }
}

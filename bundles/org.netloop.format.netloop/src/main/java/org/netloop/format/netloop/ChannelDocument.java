package org.netloop.format.netloop;

import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException.Corrupt;

import java.nio.ByteBuffer;

/**
 * A channel: {@code channels/NAME.json}.
 *
 * @param image the image it points to
 * @param manifestLength the length of the image's manifest, so that it is read like any block
 * @param sequence grows by one with each move
 */
record ChannelDocument(Digest image, int manifestLength, long sequence) {
    static final String KIND = "channel";
    static final int MAX_LENGTH = 64 << 10;
    private static final int VERSION = 1;

    static ChannelDocument parse(String object, ByteBuffer document) throws Corrupt {
        Members members = Members.parse(object, document, KIND, VERSION);
        return new ChannelDocument(
                members.digest("image"),
                (int) members.number("manifestLength", 1, Manifest.MAX_LENGTH),
                members.number("sequence", 1, Long.MAX_VALUE - 1));
    }

    ByteBuffer write() {
        return Documents.write(
                KIND,
                VERSION,
                json -> {
                    json.writeStringField("image", image.toString());
                    json.writeNumberField("manifestLength", manifestLength);
                    json.writeNumberField("sequence", sequence);
                });
    }
}

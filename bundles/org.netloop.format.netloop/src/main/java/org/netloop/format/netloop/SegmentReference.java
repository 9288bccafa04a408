package org.netloop.format.netloop;

import com.fasterxml.jackson.core.JsonGenerator;

import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;

import java.io.IOException;

/**
 * Location of a segment.
 *
 * @param number which one it is, from 0
 * @param digest of its stored bytes, which names it
 * @param length of its stored bytes
 * @param plainLength of the segment itself
 * @param codec what it is stored with
 */
record SegmentReference(long number, Digest digest, int length, int plainLength, String codec) {

    /** Checks what a segment that is stored as it is says of its lengths. */
    SegmentReference {
        if (codec.equals(StoredBlock.PLAIN)) {
            codec = StoredBlock.PLAIN; // one string for all segments, however many there are
            if (length != plainLength) {
                throw new IllegalArgumentException(
                        "segment "
                                + number
                                + " is stored as it is, yet has "
                                + length
                                + " stored and "
                                + plainLength
                                + " plain bytes");
            }
        }
    }

    StoredBlock object() {
        return StoredBlock.object(digest, Layout.block(digest), length, codec);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartArray();
        json.writeNumber(number);
        json.writeString(digest.hex());
        json.writeNumber(length);
        json.writeNumber(plainLength);
        json.writeString(codec);
        json.writeEndArray();
    }
}

package org.netloop.format.netloop;

import com.fasterxml.jackson.core.JsonGenerator;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.transport.FetchException;

import java.io.IOException;
import java.nio.ByteBuffer;

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

    /**
     * Reads it.
     *
     * @param image what messages call the image
     * @param size the image's size
     */
    Block[] read(String image, long size, ImageSpec spec, ObjectReader objects)
            throws FetchException, InterruptedException {
        String name = "segment " + number + " of " + image;
        ByteBuffer bytes = objects.read(object(), plainLength);
        if (bytes.remaining() != plainLength) {
            throw new FetchException.Corrupt(
                    name + " has " + bytes.remaining() + " bytes, not " + plainLength);
        }
        return Segment.parse(name, bytes, number, size, spec);
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

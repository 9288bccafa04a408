package org.netloop.format.netloop;

import com.fasterxml.jackson.core.JsonGenerator;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.transport.FetchException.Corrupt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The root of an image: {@code images/DIGEST.json}, named by the SHA-256 of its bytes.
 *
 * @param size the image's length in bytes
 * @param spec block length, codec, digest algorithm, parent and labels
 * @param storedBytes how many bytes the stored blocks have
 * @param segments those that are not holes throughout, in ascending order
 */
record Manifest(long size, ImageSpec spec, long storedBytes, List<SegmentReference> segments) {
    static final String KIND = "image";
    static final int MAX_LENGTH = 64 << 20;
    static final long MAX_SIZE = 1L << 60;
    private static final int VERSION = 1;
    private static final String CODEC = "[a-z0-9-]{1,16}";

    /**
     * Where a segment lies.
     *
     * @param number which one it is, from 0
     * @param digest names it
     * @param length how many bytes it has
     */
    record SegmentReference(int number, Digest digest, int length) {}

    /** The blocks of the whole image. */
    static long blocks(long size, int blockLength) {
        return (size + blockLength - 1) / blockLength;
    }

    static Manifest parse(String object, ByteBuffer document) throws Corrupt {
        Members members = Members.parse(object, document, KIND, VERSION);
        long size = members.number("size", 0, MAX_SIZE);
        ImageSpec spec = spec(members);
        members.number("segmentBlocks", Segment.BLOCKS, Segment.BLOCKS);
        long blocks = blocks(size, spec.blockLength());
        long most = (blocks + Segment.BLOCKS - 1) / Segment.BLOCKS;
        if (most > Integer.MAX_VALUE) {
            throw members.corrupt("blockSize", "large enough for an image of " + size + " bytes");
        }
        return new Manifest(
                size,
                spec,
                members.number("storedBytes", 0, Long.MAX_VALUE),
                segments(members, spec.digest(), (int) most));
    }

    private static ImageSpec spec(Members members) throws Corrupt {
        int blockLength =
                (int)
                        members.number(
                                "blockSize",
                                ImageSpec.MIN_BLOCK_LENGTH,
                                ImageSpec.MAX_BLOCK_LENGTH);
        try {
            return new ImageSpec(
                    blockLength,
                    members.text("codec", CODEC),
                    DigestAlgorithm.byId(members.text("digest", CODEC)),
                    members.digestOrNull("parent"),
                    labels(members));
        } catch (IllegalArgumentException e) {
            throw new Corrupt(members.object() + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> labels(Members members) throws Corrupt {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Map.Entry<?, ?> label : members.map("labels").entrySet()) {
            if (!(label.getKey() instanceof String key)
                    || !(label.getValue() instanceof String value)) {
                throw members.corrupt("labels", "an object of texts");
            }
            labels.put(key, value);
        }
        return labels;
    }

    private static List<SegmentReference> segments(
            Members members, DigestAlgorithm algorithm, int most) throws Corrupt {
        List<SegmentReference> segments = new ArrayList<>();
        int next = 0;
        for (Object entry : members.list("segments")) {
            if (!(entry instanceof List<?> parts) || parts.size() != 3) {
                throw members.corrupt("segments", "a list of [number, digest, length]");
            }
            int number = (int) members.number("segments", parts.get(0), next, most - 1L);
            int length = (int) members.number("segments", parts.get(2), 1, Segment.MAX_LENGTH);
            segments.add(
                    new SegmentReference(number, digest(members, algorithm, parts.get(1)), length));
            next = number + 1;
        }
        return segments;
    }

    private static Digest digest(Members members, DigestAlgorithm algorithm, @Nullable Object value)
            throws Corrupt {
        try {
            return Digest.ofHex(algorithm, String.valueOf(value));
        } catch (IllegalArgumentException e) {
            throw new Corrupt(members.object() + ": segments: " + e.getMessage(), e);
        }
    }

    ByteBuffer write() {
        return Documents.write(
                KIND,
                VERSION,
                json -> {
                    json.writeNumberField("size", size);
                    json.writeNumberField("blockSize", spec.blockLength());
                    json.writeStringField("codec", spec.codec());
                    json.writeStringField("digest", spec.digest().id());
                    if (spec.parentOrNull() != null) {
                        json.writeStringField("parent", spec.parentOrNull().toString());
                    }
                    json.writeNumberField("storedBytes", storedBytes);
                    json.writeObjectFieldStart("labels");
                    for (Map.Entry<String, String> label :
                            new TreeMap<>(spec.labels()).entrySet()) {
                        json.writeStringField(label.getKey(), label.getValue());
                    }
                    json.writeEndObject();
                    json.writeNumberField("segmentBlocks", Segment.BLOCKS);
                    writeSegments(json);
                });
    }

    private void writeSegments(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("segments");
        for (SegmentReference segment : segments) {
            json.writeStartArray();
            json.writeNumber(segment.number());
            json.writeString(segment.digest().hex());
            json.writeNumber(segment.length());
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    ImageInfo info(Digest digest) {
        return new ImageInfo(
                digest,
                NetloopFormat.ID,
                size,
                spec.blockLength(),
                spec.codec(),
                spec.parentOrNull(),
                storedBytes,
                spec.labels());
    }
}

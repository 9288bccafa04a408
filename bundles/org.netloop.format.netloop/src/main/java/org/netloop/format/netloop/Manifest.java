package org.netloop.format.netloop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Verification;
import org.netloop.api.index.BlockOrder;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.transport.FetchException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The root of an image: {@code images/DIGEST.json}, named by the SHA-256 of its bytes.
 *
 * @param size the image's length in bytes
 * @param spec block length, codec, digest algorithm, parent and labels
 * @param storedBytes how many bytes the stored blocks have, as {@link DistinctBytes} counts them
 * @param segments those that are not holes throughout, in ascending order
 * @param deltas second forms of its blocks
 */
record Manifest(
        long size,
        ImageSpec spec,
        long storedBytes,
        List<SegmentReference> segments,
        DeltaTables deltas) {
    static final int MAX_LENGTH = 8 << 20;

    /** Length within which the manifest of an image up to a terabyte is. */
    static final int USUAL_LENGTH = 256 << 10;

    static final long MAX_SIZE = (1L << 62) - 1;
    static final int MAX_LABELS = 1024;
    static final int LONGEST_LABEL_NAME = 128;

    private static final String KIND = "image";
    private static final int VERSION = 1;
    private static final String SIZE = "size";
    private static final String BLOCK_LENGTH = "blockLength";
    private static final String CODEC = "codec";
    private static final String DIGEST = "digest";
    private static final String PARENT = "parent";
    private static final String LABELS = "labels";
    private static final String STORED_BYTES = "storedBytes";
    private static final String SEGMENTS = "segments";
    private static final String BASES = "bases";
    private static final String DELTAS = "deltas";
    private static final DocumentParser.Grammar<Manifest> GRAMMAR =
            new DocumentParser.Grammar<>(
                    KIND,
                    VERSION,
                    Set.of(
                            SIZE,
                            BLOCK_LENGTH,
                            CODEC,
                            DIGEST,
                            PARENT,
                            LABELS,
                            STORED_BYTES,
                            SEGMENTS,
                            BASES,
                            DELTAS),
                    Manifest::read);
    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,16}");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{32,128}");

    /** Checks codec and labels: what one can write, all can read. */
    Manifest {
        if (!ID.matcher(spec.codec()).matches()) {
            throw new IllegalArgumentException("codec '" + spec.codec() + "' is not of form " + ID);
        }
        if (spec.labels().size() > MAX_LABELS) {
            throw new IllegalArgumentException(
                    spec.labels().size() + " labels are more than " + MAX_LABELS);
        }
        spec.labels().forEach(Manifest::checkLabel);
        segments = List.copyOf(segments);
    }

    /** Creates the manifest of an image without deltas. */
    Manifest(long size, ImageSpec spec, long storedBytes, List<SegmentReference> segments) {
        this(size, spec, storedBytes, segments, DeltaTables.NONE);
    }

    /** Returns the manifest without its deltas. */
    Manifest without() {
        return new Manifest(size, spec, storedBytes, segments);
    }

    private static void checkLabel(String name, String value) {
        if (name.isEmpty()
                || name.length() > LONGEST_LABEL_NAME
                || value.length() > Documents.LONGEST_TEXT
                || !UTF_8.newEncoder().canEncode(name + '=' + value)) {
            throw new IllegalArgumentException(
                    "a label has a name of "
                            + name.length()
                            + " and a value of "
                            + value.length()
                            + " characters: 1 to "
                            + LONGEST_LABEL_NAME
                            + " and 0 to "
                            + Documents.LONGEST_TEXT
                            + " characters of Unicode are allowed");
        }
    }

    static Manifest parse(String object, ByteBuffer document) throws FetchException {
        return DocumentParser.parse(object, document, GRAMMAR);
    }

    private static Manifest read(DocumentParser in) throws IOException {
        long size = in.number(SIZE, 0, MAX_SIZE);
        ImageSpec spec =
                new ImageSpec(
                        (int) in.number(BLOCK_LENGTH, 1, ImageSpec.MAX_BLOCK_LENGTH),
                        in.text(CODEC, ID),
                        algorithm(in),
                        in.has(PARENT) ? in.digest(PARENT) : null,
                        in.texts(LABELS, MAX_LABELS));
        long count = Segment.count(size, spec.blockLength());
        return new Manifest(
                size,
                spec,
                in.number(STORED_BYTES, 0, Long.MAX_VALUE),
                segments(in, spec, count),
                in.has(BASES) ? deltas(in, spec.digest(), count) : DeltaTables.NONE);
    }

    private static DeltaTables deltas(DocumentParser in, DigestAlgorithm algorithm, long count)
            throws IOException {
        List<Digest> bases = new ArrayList<>();
        in.rows(
                BASES,
                () -> {
                    bases.add(in.nextImage(BASES));
                    if (bases.size() > DeltaTables.MOST_BASES) {
                        throw new IllegalArgumentException(
                                "more than " + DeltaTables.MOST_BASES + " " + BASES);
                    }
                });
        List<DeltaTables.Table> tables = new ArrayList<>();
        in.rows(
                DELTAS,
                () -> {
                    long next = tables.isEmpty() ? 0 : tables.getLast().segment() + 1;
                    tables.add(
                            new DeltaTables.Table(
                                    in.nextNumber(DELTAS, next, count - 1),
                                    Digest.ofHex(algorithm, in.nextText(DELTAS, HEX)),
                                    (int) in.nextNumber(DELTAS, 1, DeltaTable.MAX_LENGTH)));
                });
        return new DeltaTables(bases, tables);
    }

    /** A name that two contents can be made to share is none: MD5 and SHA-1 are refused. */
    private static DigestAlgorithm algorithm(DocumentParser in) throws IOException {
        DigestAlgorithm algorithm = DigestAlgorithm.byId(in.text(DIGEST, ID));
        if (!algorithm.resistsCollisions()) {
            throw new IllegalArgumentException(
                    "blocks named by "
                            + algorithm.id()
                            + " are not read in this format, because its collisions are practical; pack"
                            + " the image again");
        }
        return algorithm;
    }

    private static List<SegmentReference> segments(DocumentParser in, ImageSpec spec, long count)
            throws IOException {
        List<SegmentReference> segments = new ArrayList<>();
        in.rows(
                SEGMENTS,
                () -> {
                    long next = segments.isEmpty() ? 0 : segments.getLast().number() + 1;
                    segments.add(segment(in, spec.digest(), next, count - 1));
                });
        return segments;
    }

    private static SegmentReference segment(
            DocumentParser in, DigestAlgorithm algorithm, long min, long max) throws IOException {
        return new SegmentReference(
                in.nextNumber(SEGMENTS, min, max),
                Digest.ofHex(algorithm, in.nextText(SEGMENTS, HEX)),
                (int) in.nextNumber(SEGMENTS, 1, BlockOrder.mostStored(Segment.MAX_LENGTH)),
                (int) in.nextNumber(SEGMENTS, Segment.HEADER_LENGTH, Segment.MAX_LENGTH),
                in.nextText(SEGMENTS, ID));
    }

    ByteBuffer write() {
        return Documents.write(KIND, VERSION, this::writeMembers);
    }

    private void writeMembers(JsonGenerator json) throws IOException {
        json.writeNumberField(SIZE, size);
        json.writeNumberField(BLOCK_LENGTH, spec.blockLength());
        json.writeStringField(CODEC, spec.codec());
        json.writeStringField(DIGEST, spec.digest().id());
        if (spec.parentOrNull() != null) {
            json.writeStringField(PARENT, spec.parentOrNull().toString());
        }
        json.writeObjectFieldStart(LABELS);
        for (Map.Entry<String, String> label : new TreeMap<>(spec.labels()).entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        json.writeNumberField(STORED_BYTES, storedBytes);
        json.writeArrayFieldStart(SEGMENTS);
        for (SegmentReference segment : segments) {
            segment.write(json);
        }
        json.writeEndArray();
        if (!deltas.isEmpty()) {
            writeDeltas(json);
        }
    }

    private void writeDeltas(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(BASES);
        for (Digest base : deltas.bases()) {
            json.writeStartArray();
            json.writeString(base.toString());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeArrayFieldStart(DELTAS);
        for (DeltaTables.Table table : deltas.tables()) {
            table.write(json);
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
                spec.labels(),
                Verification.STORED);
    }
}

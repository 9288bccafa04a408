package org.netloop.format.netloop;

import org.netloop.api.block.Digest;
import org.netloop.api.index.Catalog.Move;
import org.netloop.api.transport.FetchException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A channel: {@code channels/NAME.json}.
 *
 * @param image the image it points to
 * @param length the length of the image's manifest in bytes, so that it is read like any block
 * @param sequence grows by one with each move, from 1
 * @param history the positions it left, the latest first; at most {@value #MAX_HISTORY}
 */
record ChannelDocument(Digest image, int length, long sequence, List<Move> history) {
    static final int MAX_LENGTH = 64 << 10;

    /** The largest integer that every JSON parser reads exactly. */
    static final long MAX_SEQUENCE = (1L << 53) - 1;

    /** Each reader of the channel fetches them: as many as help an operator, and 8 KiB. */
    static final int MAX_HISTORY = 64;

    private static final String KIND = "channel";
    private static final int VERSION = 1;
    private static final String IMAGE = "image";
    private static final String LENGTH = "length";
    private static final String SEQUENCE = "sequence";
    private static final String HISTORY = "history";
    private static final DocumentParser.Grammar<ChannelDocument> GRAMMAR =
            new DocumentParser.Grammar<>(
                    KIND, VERSION, Set.of(IMAGE, LENGTH, SEQUENCE, HISTORY), ChannelDocument::read);

    ChannelDocument {
        history = List.copyOf(history);
    }

    static ChannelDocument parse(String object, ByteBuffer document) throws FetchException {
        return DocumentParser.parse(object, document, GRAMMAR);
    }

    private static ChannelDocument read(DocumentParser in) throws IOException {
        return new ChannelDocument(
                in.image(IMAGE),
                (int) in.number(LENGTH, 1, Manifest.MAX_LENGTH),
                in.number(SEQUENCE, 1, MAX_SEQUENCE),
                in.has(HISTORY) ? history(in) : List.of());
    }

    private static List<Move> history(DocumentParser in) throws IOException {
        List<Move> history = new ArrayList<>();
        in.rows(
                HISTORY,
                () -> {
                    if (history.size() == MAX_HISTORY) {
                        throw new IllegalArgumentException(
                                HISTORY + " has more than " + MAX_HISTORY + " positions");
                    }
                    history.add(
                            new Move(
                                    in.nextImage(HISTORY),
                                    in.nextNumber(HISTORY, 1, MAX_SEQUENCE),
                                    Instant.ofEpochMilli(in.nextNumber(HISTORY, 0, MAX_SEQUENCE))));
                });
        return history;
    }

    /** The channel after it was pointed to another image. */
    ChannelDocument moved(Digest next, int nextLength, Instant now) {
        List<Move> past =
                Stream.concat(Stream.of(new Move(image, sequence, now)), history.stream())
                        .limit(MAX_HISTORY)
                        .toList();
        return new ChannelDocument(next, nextLength, sequence + 1, past);
    }

    ByteBuffer write() {
        return Documents.write(
                KIND,
                VERSION,
                json -> {
                    json.writeStringField(IMAGE, image.toString());
                    json.writeNumberField(LENGTH, length);
                    json.writeNumberField(SEQUENCE, sequence);
                    if (!history.isEmpty()) {
                        json.writeArrayFieldStart(HISTORY);
                        for (Move move : history) {
                            json.writeStartArray();
                            json.writeString(move.image().toString());
                            json.writeNumber(move.sequence());
                            json.writeNumber(move.left().toEpochMilli());
                            json.writeEndArray();
                        }
                        json.writeEndArray();
                    }
                });
    }
}

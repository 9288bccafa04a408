package org.netloop.format.netloop;

import com.fasterxml.jackson.core.JsonGenerator;

import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;

import java.io.IOException;
import java.util.List;

/**
 * The deltas of an image, as its manifest states them.
 *
 * @param bases the images to whose blocks they refer, nearest first; at most {@value #MOST_BASES}
 * @param tables the tables, by ascending number of the segment
 */
record DeltaTables(List<Digest> bases, List<Table> tables) {
    static final DeltaTables NONE = new DeltaTables(List.of(), List.of());

    /** Enough for a month of daily updates. */
    static final int MOST_BASES = 32;

    DeltaTables {
        bases = List.copyOf(bases);
        tables = List.copyOf(tables);
        if (bases.isEmpty() != tables.isEmpty() || bases.size() > MOST_BASES) {
            throw new IllegalArgumentException(
                    tables.size() + " tables of deltas refer to " + bases.size() + " images");
        }
    }

    /**
     * A table of deltas, stored as it is.
     *
     * @param segment the segment whose blocks it gives
     * @param digest of its bytes, which names it
     * @param length number of its bytes
     */
    record Table(long segment, Digest digest, int length) {

        String path() {
            return Layout.block(digest);
        }

        StoredBlock object() {
            return StoredBlock.object(digest, path(), length, StoredBlock.PLAIN);
        }

        void write(JsonGenerator json) throws IOException {
            json.writeStartArray();
            json.writeNumber(segment);
            json.writeString(digest.hex());
            json.writeNumber(length);
            json.writeEndArray();
        }
    }

    boolean isEmpty() {
        return tables.isEmpty();
    }
}

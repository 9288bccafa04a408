package org.netloop.format.netloop;

import com.fasterxml.jackson.core.JsonGenerator;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.transport.FetchException;

import java.io.IOException;
import java.nio.ByteBuffer;
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

        /**
         * Reads it.
         *
         * @param image what messages call the image
         * @param size the image's size
         * @return the delta of each block of the segment, or null
         */
        @Nullable Delta[] read(String image, long size, ImageSpec spec, ObjectReader objects)
                throws FetchException, InterruptedException {
            String name = "table of deltas " + segment + " of " + image;
            ByteBuffer bytes = objects.read(object(), length);
            return DeltaTable.parse(name, bytes, segment, size, spec).deltas();
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

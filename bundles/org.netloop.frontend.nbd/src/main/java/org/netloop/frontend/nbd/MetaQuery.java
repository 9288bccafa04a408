package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/**
 * Option that lists or selects metadata contexts.
 *
 * @param export the name of the export that it is about
 * @param contexts those of ours that its queries mean
 */
record MetaQuery(String export, Set<MetaContext> contexts) {
    /** Least length in bytes of a query: that of its length. */
    private static final int SHORTEST = Integer.BYTES;

    /**
     * Reads its data; null if they are malformed.
     *
     * @param set whether it selects: without a query it selects nothing, while it lists all
     */
    static @Nullable MetaQuery read(ByteBuffer data, boolean set) {
        String export = Wire.string(data);
        if (export == null || data.remaining() < Integer.BYTES) {
            return null;
        }
        long count = Integer.toUnsignedLong(data.getInt());
        if (count > data.remaining() / SHORTEST) {
            return null;
        }
        Set<MetaContext> asked =
                count == 0 && !set
                        ? EnumSet.allOf(MetaContext.class)
                        : EnumSet.noneOf(MetaContext.class);
        for (long i = 0; i < count; i++) {
            String query = Wire.string(data);
            if (query == null) {
                return null;
            }
            for (MetaContext context : MetaContext.values()) {
                if (context.matches(query, set)) {
                    asked.add(context);
                }
            }
        }
        return data.hasRemaining() ? null : new MetaQuery(export, asked);
    }
}

package org.netloop.repository;

import org.netloop.api.block.Digest;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.Catalog.Channel;
import org.netloop.api.index.Catalog.Move;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A rule that says which images stay when images are removed by age.
 *
 * @param positions how many positions of each channel are kept, the present one included; at least
 *     1
 * @param within how long after a channel left an image it is kept in any case
 * @param images kept whether a channel names them or not
 */
record Keep(int positions, Duration within, List<Digest> images) {
    Keep {
        if (positions < 1) {
            throw new IllegalArgumentException(
                    "--keep " + positions + " would remove what channels point to: at least 1");
        }
        images = List.copyOf(images);
    }

    /** The images of a repository that stay. */
    Set<Digest> of(Catalog catalog, Instant now) throws IOException {
        Set<Digest> kept = new HashSet<>(images);
        for (Channel channel : catalog.channels()) {
            kept.add(channel.image());
            int position = 1;
            for (Move move : channel.history()) {
                if (position++ < positions || move.left().isAfter(now.minus(within))) {
                    kept.add(move.image());
                }
            }
        }
        return kept;
    }
}

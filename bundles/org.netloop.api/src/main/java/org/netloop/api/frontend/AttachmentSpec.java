package org.netloop.api.frontend;

import java.util.Map;

/**
 * Where and how a volume is attached.
 *
 * @param place where, in the frontend's own words: a directory for FUSE, {@code tcp://host:port} or
 *     {@code unix:path} for NBD
 * @param options the frontend's own settings; one it does not know is refused
 * @param rank its position, from 0, among what is configured for the same place, whether that is
 *     attached already or not: where a client need not say which volume it wants, it gets the one
 *     of rank 0, and none while that is not attached
 */
public record AttachmentSpec(String place, Map<String, String> options, int rank) {

    /** Copies the options. */
    public AttachmentSpec {
        options = Map.copyOf(options);
        if (rank < 0) {
            throw new IllegalArgumentException("rank " + rank + " of an attachment at " + place);
        }
    }

    /** What is alone at its place, or the first there. */
    public AttachmentSpec(String place, Map<String, String> options) {
        this(place, options, 0);
    }
}

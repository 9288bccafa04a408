package org.netloop.api.frontend;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Place and options of an attachment.
 *
 * @param place where, in the frontend's own words: a directory for FUSE, {@code tcp://host:port} or
 *     {@code unix:path} for NBD
 * @param options the frontend's own settings; one it does not know is refused, see {@link #only}
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

    /** Creates a specification with rank 0: alone at its place, or the first there. */
    public AttachmentSpec(String place, Map<String, String> options) {
        this(place, options, 0);
    }

    /**
     * Checks that there are no other options than those a frontend knows.
     *
     * @param known the frontend's options
     * @return this specification
     * @throws IOException if an option is unknown; the message names it, and those that are known
     */
    public AttachmentSpec only(Set<String> known) throws IOException {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IOException(
                    (unknown.size() == 1 ? "unknown option " : "unknown options ")
                            + String.join(", ", unknown)
                            + (known.isEmpty()
                                    ? ": this frontend has none"
                                    : "; this frontend knows "
                                            + String.join(", ", new TreeSet<>(known))));
        }
        return this;
    }
}

package org.netloop.api.frontend;

import java.util.Map;

/**
 * Where and how a volume is attached.
 *
 * @param place where, in the frontend's own words: a directory for FUSE, {@code tcp://host:port} or
 *     {@code unix:path} for NBD
 * @param options the frontend's own settings; one it does not know is refused
 */
public record AttachmentSpec(String place, Map<String, String> options) {

    /** Copies the options. */
    public AttachmentSpec {
        options = Map.copyOf(options);
    }
}

package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.ObjectPath;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;

import java.net.URI;
import java.time.Duration;

/**
 * A range of an object of a repository.
 *
 * @param path relative to a mirror's base URI; empty for the base itself
 * @param offset the first byte wanted
 * @param length how many bytes; {@link FetchRequest#TO_END} for all
 * @param purpose why it is fetched
 * @param known the validator of bytes that are here; null if it is wanted in any case
 */
public record Wanted(
        String path, long offset, long length, FetchPurpose purpose, @Nullable String known) {
    /** The last look at a path before it becomes a URI, wherever it is from. */
    public Wanted {
        ObjectPath.requireInsideOrBeside(path, "what is fetched");
    }

    /** Creates one that is wanted in any case. */
    public Wanted(String path, long offset, long length, FetchPurpose purpose) {
        this(path, offset, length, purpose, null);
    }

    /** Returns the request for it at a mirror, which is to be answered within a time. */
    FetchRequest at(URI uri, Duration time) {
        return new FetchRequest(uri, offset, length, time, purpose, known);
    }

    /** Returns the same object, wanted only if it has another validator by now. */
    Wanted unless(String validator) {
        return new Wanted(path, offset, length, purpose, validator);
    }
}

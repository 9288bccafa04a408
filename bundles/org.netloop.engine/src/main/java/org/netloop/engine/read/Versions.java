package org.netloop.engine.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Fetched;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Versions of the objects without a digest that a volume reads: the first that it saw of each. An
 * answer of another version is refused, so that bytes of two never meet. Thread-safe.
 */
public final class Versions {
    private final URI repository;
    private final ConcurrentMap<String, ObjectVersion> seen = new ConcurrentHashMap<>();

    /**
     * @param repository names the objects, whatever mirrors serve them
     */
    public Versions(URI repository) {
        this.repository = repository;
    }

    /** The version of that path that was seen first; null before. */
    @Nullable ObjectVersion of(String path) {
        return seen.get(path);
    }

    /** Forgets what was seen: the image is looked for anew. */
    public void forget() {
        seen.clear();
    }

    /**
     * Takes the first version of an object that tells its length, and refuses any other.
     *
     * @throws FetchException.Corrupt if it is another one
     */
    void check(String path, Fetched object, URI from) throws FetchException.Corrupt {
        ObjectVersion first = seen.get(path);
        if (first == null && object.totalLength() != Fetched.UNKNOWN) {
            first = seen.computeIfAbsent(path, _ -> version(path, object));
        }
        if (first != null
                && (object.totalLength() != first.length()
                        || !Objects.equals(object.validator(), first.validatorOrNull()))) {
            throw new FetchException.Corrupt(
                    from
                            + " is not the file that was opened: "
                            + described(object.totalLength(), object.validator())
                            + " instead of "
                            + described(first.length(), first.validatorOrNull())
                            + "; open the volume again to read what is there now");
        }
    }

    private static String described(long length, @Nullable String validator) {
        return (length == Fetched.UNKNOWN ? "an unknown number of" : length)
                + " bytes with "
                + (validator == null ? "neither ETag nor time" : validator);
    }

    private ObjectVersion version(String path, Fetched object) {
        String validator = object.validator();
        String told = validator == null ? "opened as " + UUID.randomUUID() : "told " + validator;
        String name =
                String.join(
                        "\n",
                        "netloop object version",
                        repository.toString(),
                        path,
                        String.valueOf(object.totalLength()),
                        told);
        return new ObjectVersion(
                path,
                object.totalLength(),
                validator,
                Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(name.getBytes(UTF_8))));
    }
}

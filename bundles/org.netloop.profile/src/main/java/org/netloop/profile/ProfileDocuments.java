package org.netloop.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.profile.Pack;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Profiles as JSON documents, members in this order:
 *
 * <pre>
 * {"netloop":"profile","version":1,"image":"sha256:…","name":"boot",
 *  "entries":[[offset,length,afterMillis],…],
 *  "pack":{"path":"packs/…","pieces":[["sha256:…",length],…]}}
 * </pre>
 *
 * {@code pack} may be missing.
 */
@Component(service = ProfileFormat.class)
public final class ProfileDocuments implements ProfileFormat {
    static final String MAGIC = "netloop";
    static final String KIND = "profile";
    static final String VERSION = "version";
    static final String IMAGE = "image";
    static final String NAME = "name";
    static final String ENTRIES = "entries";
    static final String PACK = "pack";
    static final String PATH = "path";
    static final String PIECES = "pieces";
    static final int THIS_VERSION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(ProfileDocuments.class);
    private static final String SUFFIX = ".json";
    private static final Pattern OBJECT =
            Pattern.compile(
                    "profiles/(?:[a-z0-9-]{1,16}-)?[0-9a-f]{32,128}/[^/]+\\.json"
                            + "|packs/([0-9a-f]{2})/\\1[0-9a-f]{30,126}");

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public ProfileDocuments() {}

    @Override
    public String path(Digest image, String name) {
        return directory(image) + name + SUFFIX;
    }

    private static String directory(Digest image) {
        String name =
                image.algorithm() == DigestAlgorithm.SHA256
                        ? image.hex()
                        : image.algorithm().id() + "-" + image.hex();
        return "profiles/" + name + "/";
    }

    @Override
    public Stream<String> objects(Repository repository, Digest image) throws IOException {
        return repository
                .list(directory(image))
                .map(Repository.Entry::path)
                .filter(path -> path.endsWith(SUFFIX))
                .flatMap(path -> Stream.concat(Stream.of(path), pack(repository, path).stream()));
    }

    @Override
    public boolean isObject(String path) {
        return OBJECT.matcher(path).matches();
    }

    private Optional<String> pack(Repository repository, String path) {
        try {
            return read(path, repository.read(path, MAX_LENGTH)).pack().map(Pack::path);
        } catch (FetchException.Missing _) {
            return Optional.empty(); // deleted since it was listed
        } catch (FetchException.Corrupt | FetchException.Unsupported e) {
            LOG.warn(
                    "the pack of {} in {} cannot be determined: {}",
                    path,
                    repository.base(),
                    e.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Profile read(String object, ByteBuffer document) throws FetchException {
        return ProfileParser.parse(object, document);
    }

    @Override
    public ByteBuffer write(Profile profile) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField(MAGIC, KIND);
            json.writeNumberField(VERSION, THIS_VERSION);
            json.writeStringField(IMAGE, profile.image().toString());
            json.writeStringField(NAME, profile.name());
            json.writeArrayFieldStart(ENTRIES);
            for (Profile.Entry entry : profile.entries()) {
                long[] row = {entry.offset(), entry.length(), entry.afterMillis()};
                json.writeArray(row, 0, row.length);
            }
            json.writeEndArray();
            if (profile.packOrNull() != null) {
                write(json, profile.packOrNull());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static void write(JsonGenerator json, Pack pack) throws IOException {
        json.writeObjectFieldStart(PACK);
        json.writeStringField(PATH, pack.path());
        json.writeArrayFieldStart(PIECES);
        for (Pack.Piece piece : pack.pieces()) {
            json.writeStartArray();
            json.writeString(piece.key().toString());
            json.writeNumber(piece.length());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}

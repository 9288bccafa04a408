package org.netloop.api.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Puts statements beside the objects of one repository. Thread-safe. */
final class Statements {
    /** One line with the identity: what the next publisher signs with. */
    private static final String IDENTITY = "repository.id";

    private static final int IDENTITY_LENGTH = 256;

    private final Repository plain;
    private final Signing signing;
    private @Nullable String identity;

    Statements(Repository plain, Signing signing) {
        this.plain = plain;
        this.signing = signing;
    }

    /**
     * Puts the statement of an object.
     *
     * @param bytes of the object; the position is left as it was
     */
    void put(String path, ByteBuffer bytes, Kind kind) throws IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String place = Statement.pathOf(path);
        boolean pointer = kind == Kind.POINTER;
        Statement statement =
                new Statement(
                        pointer ? Statement.Role.POINTER : Statement.Role.DOCUMENT,
                        identity(),
                        path,
                        Signing.serialAfter(before(place), now),
                        now,
                        pointer ? now.plus(signing.validity()) : null,
                        0,
                        bytes.remaining(),
                        Digest.of(DigestAlgorithm.SHA256, bytes),
                        pointer ? bytes.duplicate() : ByteBuffer.allocate(0));
        plain.put(place, signing.seal(statement), Kind.POINTER);
    }

    private Optional<Statement> before(String place) throws IOException {
        try {
            return signing.statement(
                    place, plain.read(place, Statement.MAX_CONTENT + Statement.MAX_ENVELOPE));
        } catch (FetchException.Missing | FetchException.Corrupt _) {
            return Optional.empty(); // there is none, or it is too long to be one
        }
    }

    private synchronized String identity() throws IOException {
        if (identity == null) {
            String there = identityThere();
            String wanted = signing.repository().isEmpty() ? there : signing.repository();
            identity = wanted.isEmpty() ? Signing.randomRepository() : wanted;
            if (!identity.equals(there)) {
                ByteBuffer line = ByteBuffer.wrap((identity + "\n").getBytes(US_ASCII));
                plain.put(IDENTITY, line, Kind.POINTER);
            }
        }
        return identity;
    }

    /** Empty if there is none that can be one. */
    private String identityThere() throws IOException {
        try {
            ByteBuffer line = plain.read(IDENTITY, IDENTITY_LENGTH);
            String there = US_ASCII.decode(line).toString().strip();
            return Statement.isRepository(there) ? there : "";
        } catch (FetchException.Missing | FetchException.Corrupt _) {
            return "";
        }
    }
}

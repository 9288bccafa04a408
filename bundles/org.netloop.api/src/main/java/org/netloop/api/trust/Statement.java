package org.netloop.api.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.ObjectPath;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The message that is signed: it binds an object to its role, repository, path, serial and time, so
 * that a signature of one object is worth nothing for another. Immutable.
 *
 * <p>It lies beside its object, at the object's path and {@value #SUFFIX}. Its form is lines of
 * text, an empty line, and the content:
 *
 * <pre>
 * netloop statement 1
 * role: pointer
 * repository: 0f3a…
 * path: channels/stable.json
 * serial: 12
 * signed: 2026-11-30T04:30:00Z
 * expires: 2026-12-30T04:30:00Z       (only if it expires)
 * chunk: 262144                       (only of a file)
 * length: 187
 * digest: sha256:…
 *
 * {"netloop":"channel",…}             (not of a document)
 * </pre>
 *
 * @param role what the object is to the repository
 * @param repository the identity of the repository, of the form {@link #isRepository}
 * @param path the object, relative to the repository; of a file its name
 * @param serial grows with each signature of this path, from 1
 * @param signed when it was signed, in whole seconds
 * @param expiresOrNull when it is not to be believed any more, in whole seconds; null for never
 * @param chunk of a file: how many bytes each digest of its content is of; else 0
 * @param length of the object, in bytes
 * @param digest of the object's bytes; of a file, of the content
 * @param content of a pointer: the object's bytes; of a file: the SHA-256 digests of its chunks; of
 *     a document nothing; read-only, and not copied
 */
public record Statement(
        Role role,
        String repository,
        String path,
        long serial,
        Instant signed,
        @Nullable Instant expiresOrNull,
        int chunk,
        long length,
        Digest digest,
        ByteBuffer content) {

    /** Suffix added to an object's path to name its statement. */
    public static final String SUFFIX = ".sig";

    /** The most bytes that a statement has besides its content. */
    public static final int MAX_HEAD = 4096;

    /** The most bytes that an envelope has besides the content: the head, and the signatures. */
    public static final int MAX_ENVELOPE = 64 << 10;

    /** The most bytes of content. */
    public static final int MAX_CONTENT = 40 << 20;

    /** The form of a repository's identity, in words. */
    public static final String REPOSITORY_FORM = "1 to 64 of A-Z a-z 0-9 . _ -";

    private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String MAGIC = "netloop statement 1";
    private static final String END = "\n\n";

    /** Role of an object in its repository. */
    public enum Role {
        /**
         * The object's bytes change under its name (a channel, a profile): the statement contains
         * them.
         */
        POINTER,
        /** The root of an image, which never changes: the statement holds its digest. */
        DOCUMENT,
        /** A file that is an image by itself: the statement holds the digests of its chunks. */
        FILE;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks the values that a message could not hold. */
    public Statement {
        if (!isRepository(repository)) {
            throw new IllegalArgumentException(
                    "'" + repository + "' is not the identity of a repository: " + REPOSITORY_FORM);
        }
        ObjectPath.requireInside(path, "a statement");
        if (serial < 1 || length < 0 || content.remaining() > MAX_CONTENT) {
            throw new IllegalArgumentException(
                    "a statement of "
                            + path
                            + " with serial "
                            + serial
                            + ", length "
                            + length
                            + " and "
                            + content.remaining()
                            + " bytes of content");
        }
        content = content.asReadOnlyBuffer();
    }

    /** The content, as a buffer of its own. */
    @Override
    public ByteBuffer content() {
        return content.duplicate();
    }

    /** Returns the time after which it is no longer valid; empty for never. */
    public Optional<Instant> expires() {
        return Optional.ofNullable(expiresOrNull);
    }

    /** Returns whether a text may be the identity of a repository: {@value #REPOSITORY_FORM}. */
    public static boolean isRepository(String text) {
        return REPOSITORY.matcher(text).matches();
    }

    /** Returns the path of an object's statement. */
    public static String pathOf(String object) {
        return object + SUFFIX;
    }

    /** The message that is signed. */
    public ByteBuffer write() {
        StringBuilder head = new StringBuilder(MAGIC).append('\n');
        line(head, "role", role.word());
        line(head, "repository", repository);
        line(head, "path", path);
        line(head, "serial", serial);
        line(head, "signed", signed);
        if (expiresOrNull != null) {
            line(head, "expires", expiresOrNull);
        }
        if (role == Role.FILE) {
            line(head, "chunk", chunk);
        }
        line(head, "length", length);
        line(head, "digest", digest);
        byte[] lines = head.append('\n').toString().getBytes(UTF_8);
        ByteBuffer message = ByteBuffer.allocate(lines.length + content.remaining());
        return message.put(lines).put(content()).flip();
    }

    private static void line(StringBuilder head, String name, Object value) {
        head.append(name).append(": ").append(value).append('\n');
    }

    /**
     * Reads a message.
     *
     * @param name what messages call it
     * @param message its remaining bytes; the position is left as it was
     * @throws FetchException.Corrupt if it is not a statement, or its content is not that of its
     *     length and digest
     */
    public static Statement parse(String name, ByteBuffer message) throws FetchException.Corrupt {
        try {
            int end = endOfHead(message);
            Lines lines =
                    new Lines(UTF_8.decode(message.slice(message.position(), end)).toString());
            lines.expect(MAGIC);
            Role role = role(lines.value("role"));
            String repository = lines.value("repository");
            String path = lines.value("path");
            long serial = Long.parseLong(lines.value("serial"));
            Instant signed = Instant.parse(lines.value("signed"));
            Instant expires = lines.has("expires") ? Instant.parse(lines.value("expires")) : null;
            int chunk = role == Role.FILE ? Integer.parseInt(lines.value("chunk")) : 0;
            long length = Long.parseLong(lines.value("length"));
            Digest digest = Digest.parse(lines.value("digest"));
            lines.end();
            int head = end + END.length();
            ByteBuffer content =
                    message.slice(message.position() + head, message.remaining() - head);
            Statement statement =
                    new Statement(
                            role,
                            repository,
                            path,
                            serial,
                            signed,
                            expires,
                            chunk,
                            length,
                            digest,
                            content);
            statement.checkContent();
            return statement;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new FetchException.Corrupt(
                    name + " does not hold a statement: " + e.getMessage(), e);
        }
    }

    private static int endOfHead(ByteBuffer message) {
        int start = message.position();
        for (int at = start; at + 1 < Math.min(message.limit(), start + MAX_HEAD); at++) {
            if (message.get(at) == '\n' && message.get(at + 1) == '\n') {
                return at - start;
            }
        }
        throw new IllegalArgumentException("it has no empty line in its first " + MAX_HEAD);
    }

    private static Role role(String word) {
        return Arrays.stream(Role.values())
                .filter(role -> role.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the role '" + word + "'"));
    }

    private void checkContent() {
        if (!digest.algorithm().resistsCollisions()) {
            throw new IllegalArgumentException("a digest of " + digest.algorithm().id());
        }
        long expected =
                switch (role) {
                    case POINTER -> length;
                    case DOCUMENT -> 0;
                    case FILE -> FileChunks.digestsLength(length, chunk);
                };
        if (content.remaining() != expected
                || role != Role.DOCUMENT && !digest.matches(content())) {
            throw new IllegalArgumentException(
                    "its content of " + content.remaining() + " bytes is not that of its digest");
        }
    }

    /** Lines of the form "name: value", in a fixed order. */
    private static final class Lines {
        private final String[] lines;
        private int at;

        Lines(String head) {
            lines = head.split("\n", -1);
        }

        void expect(String line) {
            if (!lines[0].equals(line)) {
                throw new IllegalArgumentException("it does not begin with '" + line + "'");
            }
            at = 1;
        }

        boolean has(String name) {
            return at < lines.length && lines[at].startsWith(name + ": ");
        }

        String value(String name) {
            if (!has(name)) {
                throw new IllegalArgumentException("it has no line '" + name + "' in its place");
            }
            return lines[at++].substring(name.length() + 2);
        }

        void end() {
            if (at != lines.length) {
                throw new IllegalArgumentException("it has a line that is not known");
            }
        }
    }
}

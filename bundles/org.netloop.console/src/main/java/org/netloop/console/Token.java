package org.netloop.console;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.SmallFile;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The token that whoever changes something has to show. It is read from its file each time, so that
 * another one is in force as soon as it is written. Thread-safe.
 */
final class Token {
    private static final Logger LOG = LoggerFactory.getLogger(Token.class);

    /** Fewer characters can be guessed. */
    private static final int SHORTEST = 16;

    private static final int LONGEST = 1024;
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    private final @Nullable Path file;

    /**
     * @param file has the token, for its owner alone; null if nothing can be changed
     */
    Token(@Nullable Path file) {
        this.file = file;
    }

    /** Returns whether changes are possible for who has the token. */
    boolean isThere() {
        return file != null;
    }

    /** Returns whether a text is the token; takes as long whatever is wrong with it. */
    boolean is(String given) {
        Optional<String> token = read();
        return MessageDigest.isEqual(digest(token.orElse("")), digest(given)) && token.isPresent();
    }

    private Optional<String> read() {
        if (file == null) {
            return Optional.empty();
        }
        try {
            String text = SmallFile.text(file, LONGEST).strip();
            String why = weakness(file, text);
            if (why == null) {
                return Optional.of(text);
            }
            LOG.warn("the console changes nothing: {} {}", file, why);
        } catch (IOException e) {
            LOG.warn("the console changes nothing: {}", Failures.sentence(e));
        }
        return Optional.empty();
    }

    private static @Nullable String weakness(Path file, String text) throws IOException {
        if (text.length() < SHORTEST) {
            return "has a token of fewer than " + SHORTEST + " characters";
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        boolean isOpen =
                view != null
                        && view.readAttributes().permissions().stream().anyMatch(OTHERS::contains);
        return isOpen ? "can be read by others; chmod 600 it" : null;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

package org.netloop.trust.signify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;

/**
 * The text form of keys: a comment line, and a line of Base64. Stateless.
 *
 * <pre>
 * untrusted comment: release key public key
 * RWSf7F/tuvmKHGqW1eKNBU01vTUFLyIrWCsBfpP7T7Um4lPieLHGuSwF
 * </pre>
 */
final class KeyText {
    static final String COMMENT = "untrusted comment: ";

    /** Longest comment that signify accepts, in bytes, without the words before it. */
    static final int LONGEST_COMMENT = 1000;

    private KeyText() {}

    static String write(String comment, byte[] value) {
        return COMMENT + comment + "\n" + Base64.getEncoder().encodeToString(value) + "\n";
    }

    /**
     * The value of a key file, or of its second line alone.
     *
     * @return empty if it has another form or length
     */
    static Optional<byte[]> read(String text, int length) {
        String[] lines = text.strip().split("\n", -1);
        String line = lines[lines.length - 1].strip();
        if (lines.length > 2 || lines.length == 2 && !lines[0].startsWith(COMMENT)) {
            return Optional.empty();
        }
        return decode(line, length);
    }

    static Optional<byte[]> decode(String line, int length) {
        if (line.length() != (length + 2) / 3 * 4) {
            return Optional.empty();
        }
        try {
            byte[] value = Base64.getDecoder().decode(line);
            return value.length == length ? Optional.of(value) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /**
     * The same comment.
     *
     * @throws IllegalArgumentException if signify could not read it
     */
    static String requireComment(String comment) {
        if (comment.getBytes(UTF_8).length > LONGEST_COMMENT
                || comment.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a comment of a key is one line of at most " + LONGEST_COMMENT + " bytes");
        }
        return comment;
    }
}

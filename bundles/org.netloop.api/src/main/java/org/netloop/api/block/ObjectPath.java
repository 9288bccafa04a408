package org.netloop.api.block;

import java.util.HexFormat;

/**
 * Checks the path of an object within a repository. A repository's documents are written by others:
 * what they name may lead to nothing but objects of the same repository. Every string that becomes
 * a part of an object's URI or file name is checked here, and nowhere else. Stateless.
 *
 * <p>A path has parts with one {@code /} between them. A part has at least one of the characters
 * {@code A-Z a-z 0-9 . _ ~ ! $ & ' ( ) * + , ; = @ -} and percent-encoded octets, and is neither
 * {@code .} nor {@code ..}. So a path holds no scheme, no authority, no query, no fragment, no
 * backslash and no control character. An encoded octet is none of a control character, {@code .},
 * {@code /}, {@code \}, {@code %}, {@code :}, {@code ?} and {@code #}: no decoding adds one of
 * these.
 */
public final class ObjectPath {
    private static final String BESIDE = "../";
    private static final String PUNCTUATION = "._~!$&'()*+,;=@-";
    private static final String NOT_ENCODED = "./\\%:?#";
    private static final int LONGEST = 1024;
    private static final int DELETE = 0x7f;

    private ObjectPath() {}

    /**
     * Returns whether the path names an object below a repository's base.
     *
     * @param path at most 1,024 characters
     */
    public static boolean isInside(String path) {
        return isInside(path, 0);
    }

    /**
     * Returns whether the path is empty, which is the base itself, or names an object below the
     * base, or, if the base is a file, an object beside that file ({@code ../} at the start). Only
     * what a user or a format says may lead beside; never what a document of the repository says.
     */
    public static boolean isInsideOrBeside(String path) {
        int start = 0;
        while (path.startsWith(BESIDE, start)) {
            start += BESIDE.length();
        }
        return path.isEmpty() || isInside(path, start);
    }

    /**
     * The same path.
     *
     * @param what names, in the message, what has the path
     * @throws IllegalArgumentException if it is not {@linkplain #isInside inside}
     */
    public static String requireInside(String path, String what) {
        if (!isInside(path)) {
            throw new IllegalArgumentException(
                    what + " has the path '" + path + "', which names no object of its repository");
        }
        return path;
    }

    /**
     * The same path.
     *
     * @param what names, in the message, what has the path
     * @throws IllegalArgumentException if it is not {@linkplain #isInsideOrBeside inside or beside}
     */
    public static String requireInsideOrBeside(String path, String what) {
        if (!isInsideOrBeside(path)) {
            throw new IllegalArgumentException(
                    what + " has the path '" + path + "', which names no object of its repository");
        }
        return path;
    }

    private static boolean isInside(String path, int start) {
        if (path.length() > LONGEST) {
            return false;
        }
        int partStart = start;
        for (int at = start; at < path.length(); at++) {
            char c = path.charAt(at);
            if (c == '/') {
                if (!isPart(path, partStart, at)) {
                    return false;
                }
                partStart = at + 1;
            } else if (!isAllowed(c) && !isEncoded(path, at)) {
                return false;
            }
        }
        return isPart(path, partStart, path.length());
    }

    /**
     * Returns whether a part of a path is allowed: its characters are known to be, which leaves the
     * empty part and the dots.
     */
    private static boolean isPart(String path, int start, int end) {
        int length = end - start;
        return length > 2
                || length == 2 && !path.startsWith("..", start)
                || length == 1 && path.charAt(start) != '.';
    }

    private static boolean isAllowed(char c) {
        return c >= 'a' && c <= 'z'
                || c >= '0' && c <= '9'
                || c >= 'A' && c <= 'Z'
                || PUNCTUATION.indexOf(c) >= 0;
    }

    /**
     * Returns whether an allowed percent escape is at that position; its two digits are checked
     * again as allowed characters, which they are.
     */
    private static boolean isEncoded(String path, int at) {
        if (path.charAt(at) != '%'
                || at + 2 >= path.length()
                || !HexFormat.isHexDigit(path.charAt(at + 1))
                || !HexFormat.isHexDigit(path.charAt(at + 2))) {
            return false;
        }
        int octet = HexFormat.fromHexDigits(path, at + 1, at + 3);
        return octet >= ' ' && octet != DELETE && NOT_ENCODED.indexOf(octet) < 0;
    }
}

package org.netloop.api.message;

import java.io.CharConversionException;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.security.PrivilegedActionException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * Turns failures into sentences for people: what failed, on which object, and where possible what
 * to do. A sentence has no class name and is never only a path; it starts in lower case and ends
 * without a full stop, so that it can follow a colon: {@code "the cache is off: " +
 * Failures.sentence(e)}. It is a single line that a terminal may show ({@link Printable}), without
 * secrets ({@link Secrets}). May be called from any thread.
 */
public final class Failures {
    /** Most causes followed in a chain; longer chains are loops. */
    private static final int DEEPEST = 32;

    private static final String NO_CONSTANT = "No enum constant ";

    /** Names of failures' classes, which libraries put before the messages of causes. */
    private static final Pattern CLASS_NAME =
            Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.)+[A-Z]\\w*(?:Exception|Error): ");

    private Failures() {}

    /**
     * One sentence about a failure. A message that was written for people is kept; where it ends in
     * the bare message of its cause, as in {@code "a.json cannot be read: /a.json"}, that end is
     * replaced by the sentence about the cause.
     */
    public static String sentence(Throwable failure) {
        String sentence = CLASS_NAME.matcher(sentence(failure, 0)).replaceAll("");
        return Printable.line(Secrets.hide(sentence));
    }

    /**
     * Returns whether a failure is a defect of a program (a null pointer, a broken invariant),
     * which no user causes and whose stack trace belongs in the log.
     */
    public static boolean isDefect(Throwable failure) {
        Throwable root = unwrapped(failure);
        return switch (root) {
            case InvalidPathException _ -> false;
            case IllegalArgumentException e -> isBare(text(e));
            case RuntimeException e when e.getCause() != null -> isDefect(e.getCause());
            case RuntimeException e -> !(e instanceof SecurityException);
            case LinkageError _, OutOfMemoryError _ -> false;
            case Error _ -> true;
            default -> false;
        };
    }

    private static String sentence(Throwable failure, int depth) {
        Throwable told = unwrapped(failure);
        return switch (told) {
            case FileSystemException e -> FileFailures.sentence(e);
            case InvalidPathException e -> FileFailures.sentence(e);
            case InterruptedException _, ClosedByInterruptException _ -> "it was interrupted";
            case ClosedChannelException _ -> "the file or connection was closed meanwhile";
            case EOFException e when isBare(text(e)) -> "it ended too early";
            case OutOfMemoryError e -> ProcessFailures.sentence(e);
            case StackOverflowError _ -> "the data is nested too deeply";
            case LinkageError e -> ProcessFailures.sentence(e);
            case CharacterCodingException _, CharConversionException _ -> "it is not text in UTF-8";
            case ZipException _ -> "it is not a zip file, or a damaged one";
            case NumberFormatException e -> number(e);
            case IllegalArgumentException e when text(e).startsWith(NO_CONSTANT) -> word(e);
            default -> {
                String known = NetworkFailures.sentence(told);
                yield known == null ? general(told, depth) : known;
            }
        };
    }

    private static String general(Throwable failure, int depth) {
        String message = text(failure);
        String ofParser = JsonFailures.sentence(failure);
        if (ofParser != null) {
            return ofParser;
        }
        Throwable cause = failure.getCause();
        if (cause != null && depth < DEEPEST) {
            String ofCause = sentence(cause, depth + 1);
            if (isBare(message) || message.equals(cause.toString())) {
                return ofCause;
            }
            return withSentenceOf(cause, ofCause, message);
        }
        if (isBare(message)) {
            return isDefect(failure) ? defect(failure) : nameless(failure, message);
        }
        return isDefect(failure) ? defect(failure) : FileFailures.explained(message);
    }

    /** Replaces the end of a message that only repeats the message of its cause. */
    private static String withSentenceOf(Throwable cause, String ofCause, String message) {
        for (String repeated : new String[] {cause.toString(), cause.getMessage()}) {
            if (repeated != null && !repeated.isEmpty() && message.endsWith(repeated)) {
                return message.substring(0, message.length() - repeated.length()) + ofCause;
            }
        }
        return message.endsWith(": null")
                ? message.substring(0, message.length() - "null".length()) + ofCause
                : message;
    }

    /** Layers that say nothing of their own. */
    private static Throwable unwrapped(Throwable failure) {
        Throwable told = failure;
        for (int i = 0; i < DEEPEST; i++) {
            Throwable cause = told.getCause();
            boolean wraps =
                    switch (told) {
                        case UncheckedIOException _,
                                ExecutionException _,
                                CompletionException _,
                                InvocationTargetException _,
                                UndeclaredThrowableException _,
                                PrivilegedActionException _,
                                ExceptionInInitializerError _,
                                DirectoryIteratorException _ ->
                                true;
                        default -> false;
                    };
            if (!wraps || cause == null) {
                return told;
            }
            told = cause;
        }
        return told;
    }

    private static String number(NumberFormatException failure) {
        String message = text(failure);
        String start = "For input string: ";
        return message.startsWith(start)
                ? message.substring(start.length()) + " is not a number, or is too large"
                : "a number was expected" + (message.isBlank() ? "" : ": " + message);
    }

    /** {@code No enum constant a.b.State.X} without the class. */
    private static String word(IllegalArgumentException failure) {
        String constant = text(failure).substring(NO_CONSTANT.length());
        return "'" + constant.substring(constant.lastIndexOf('.') + 1) + "' is not a known word";
    }

    private static String nameless(Throwable failure, String message) {
        return message.isBlank()
                ? "it failed for an unknown reason (" + words(failure) + ")"
                : FileFailures.explained(message);
    }

    /** Describes a defect with what a developer needs to find it; no user can cause it. */
    private static String defect(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String place = trace.length == 0 ? "" : " at " + trace[0];
        String message = text(failure).isBlank() ? "" : ": " + text(failure);
        return "internal error (" + words(failure) + message + place + "); please report it";
    }

    /** {@code ClosedWatchServiceException} as {@code closed watch service}. */
    static String words(Throwable failure) {
        return failure.getClass()
                .getSimpleName()
                .replaceAll("(Exception|Error)$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }

    /** Returns the message, empty if there is none. */
    static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }

    /**
     * Returns whether a message is empty, or one word or path, which does not say what is wrong.
     */
    static boolean isBare(String message) {
        return message.strip().indexOf(' ') < 0;
    }
}

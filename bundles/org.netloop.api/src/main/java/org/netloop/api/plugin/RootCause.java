package org.netloop.api.plugin;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Innermost cause why a component of a plugin cannot be created, with the name of its class,
 * because that distinguishes a missing library from a defect.
 */
public final class RootCause {
    private static final Pattern CAUSE = Pattern.compile("(?m)^Caused by: (.*)$");
    private static final Pattern PACKAGES =
            Pattern.compile("^(?:[a-z_$][\\w$]*\\.)+([A-Z][\\w$]*)");
    private static final Pattern CLASS_VERSION =
            Pattern.compile("UnsupportedClassVersionError: (\\S+).*class file version (\\d+)\\.");

    private static final Pattern REMEMBERED =
            Pattern.compile(
                    "\\b(?:ExceptionInInitializerError|NoClassDefFoundError)\\b"
                            + "|Could not initialize class");

    private RootCause() {}

    /**
     * Returns whether the failure in a message or stack trace comes again for as long as the class
     * loader lives: a class whose initializer failed once, or that was not found when another one
     * was linked to it, stays unusable even if the cause has passed.
     */
    public static boolean isRemembered(String text) {
        return REMEMBERED.matcher(text).find();
    }

    /** Returns the innermost cause of a failure, on one line. */
    public static String of(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return of(trace.toString());
    }

    /**
     * The innermost cause in a stack trace as Java prints it, on one line.
     *
     * @param trace may be without any frames
     */
    public static String of(String trace) {
        String cause = trace.lines().findFirst().orElse("").strip();
        for (Matcher inner = CAUSE.matcher(trace); inner.find(); ) {
            cause = inner.group(1).strip();
        }
        Matcher version = CLASS_VERSION.matcher(cause);
        if (version.find()) {
            return ClassVersion.tooNew(
                    version.group(1).replace('/', '.'),
                    ClassVersion.java(Integer.parseInt(version.group(2))));
        }
        return PACKAGES.matcher(cause).replaceFirst("$1");
    }
}

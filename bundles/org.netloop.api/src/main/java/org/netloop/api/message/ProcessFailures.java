package org.netloop.api.message;

import java.util.Locale;

/** Sentences about what the process itself lacks: memory, libraries, classes. */
final class ProcessFailures {
    private ProcessFailures() {}

    static String sentence(OutOfMemoryError failure) {
        String message = Failures.text(failure);
        if (message.contains("unable to create native thread")) {
            return "the system allows no further thread: raise the limit of processes (ulimit -u)";
        }
        return "the memory of the process does not suffice ("
                + message.toLowerCase(Locale.ROOT)
                + "): give the heap more with NETLOOP_JAVA_OPTS=-Xmx1g";
    }

    static String sentence(LinkageError failure) {
        String message = Failures.text(failure);
        return switch (failure) {
            case UnsatisfiedLinkError _ when message.contains("libfuse") ->
                    "libfuse.so.2 is not there: install the package libfuse2 (Debian), fuse-libs"
                            + " (Fedora) or fuse (Alpine)";
            case UnsatisfiedLinkError _ when message.contains("failed to map segment") ->
                    "a native library cannot be loaded from a directory that is mounted noexec: set"
                            + " TMPDIR to another one ("
                            + message
                            + ")";
            case UnsatisfiedLinkError _ -> "a native library cannot be loaded: " + message;
            case UnsupportedClassVersionError _ ->
                    "it was compiled for a newer Java than " + Runtime.version().feature();
            case NoClassDefFoundError _ when message.startsWith("Could not initialize class") ->
                    "a part of it failed before and stays unusable: " + message;
            case NoClassDefFoundError _ ->
                    "the class " + message.replace('/', '.') + " is missing from its libraries";
            default -> "its classes do not fit together: " + message;
        };
    }
}

package org.netloop.engine.lease;

/**
 * Says that a backend broke its contract, and which: it threw what it may not throw, or returned
 * what cannot be. The message names its bundle. It has been counted by then.
 */
public final class BackendException extends Exception {
    private static final long serialVersionUID = 1L;

    BackendException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Describes what a plugin threw, for people; safe whatever its own methods do. A class that
     * cannot be used is told with what its initialiser threw the first time, as the Java runtime
     * throws something else from then on.
     */
    static String described(Throwable thrown) {
        try {
            Throwable root = thrown;
            while (root instanceof LinkageError && root.getCause() != null) {
                root = root.getCause();
            }
            return root == thrown ? thrown.toString() : thrown + ", as at first: " + root;
        } catch (RuntimeException | Error _) {
            // Its message is the plugin's code, too.
            return thrown.getClass().getName();
        }
    }
}

package org.netloop.launcher;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Settings of {@code netloop run} that the launcher has to know: the directory for what has to last
 * as long as a service runs. Directories for temporary files are swept by the system.
 */
final class Service {
    private static final String COMMAND = "run";
    private static final String STATE = "--state";

    private Service() {}

    static boolean isStartedBy(String[] arguments) {
        return arguments.length > 0 && arguments[0].equals(COMMAND);
    }

    /**
     * Returns storage in the state directory, or {@code otherwise} with a message if that is not
     * writable.
     */
    static Storage state(String[] arguments, Storage otherwise) {
        Path parent = parent(arguments, System.getenv("XDG_RUNTIME_DIR"));
        try {
            return Storage.make(parent);
        } catch (IOException e) {
            System.err.println(
                    "netloop: the framework is kept in "
                            + otherwise.directory()
                            + ", which the system may sweep: "
                            + Failures.sentence(e)
                            + "; choose another directory by --state");
            return otherwise;
        }
    }

    static Path parent(String[] arguments, @Nullable String runtime) {
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].equals(STATE) && i + 1 < arguments.length) {
                return Path.of(arguments[i + 1]).toAbsolutePath();
            }
            if (arguments[i].startsWith(STATE + "=")) {
                return Path.of(arguments[i].substring(STATE.length() + 1)).toAbsolutePath();
            }
        }
        return Path.of(runtime == null || runtime.isBlank() ? "/run" : runtime, "netloop");
    }
}

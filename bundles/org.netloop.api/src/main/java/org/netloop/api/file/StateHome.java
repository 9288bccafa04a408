package org.netloop.api.file;

import java.nio.file.Path;
import java.util.Map;

/** Directory of a user's state, by the XDG Base Directory Specification. Stateless. */
public final class StateHome {
    private static final String VARIABLE = "XDG_STATE_HOME";

    private StateHome() {}

    /**
     * The file or directory of that name within {@code $XDG_STATE_HOME/netloop}, or within {@code
     * ~/.local/state/netloop} where the variable names no absolute path. It need not exist.
     *
     * @param environment as {@link System#getenv()}
     * @param name what it is called there
     */
    public static Path of(Map<String, String> environment, String name) {
        Path told = Path.of(environment.getOrDefault(VARIABLE, ""));
        Path base = told.isAbsolute() ? told : home().resolve(Path.of(".local", "state"));
        return base.resolve("netloop").resolve(name);
    }

    /**
     * Java says {@code ?} of a user without one: what is kept then lasts as long as the process.
     */
    private static Path home() {
        Path home = Path.of(System.getProperty("user.home", ""));
        return home.isAbsolute() ? home : Path.of(System.getProperty("java.io.tmpdir"));
    }
}

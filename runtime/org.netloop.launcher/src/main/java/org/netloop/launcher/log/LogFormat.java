package org.netloop.launcher.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Chooses the form of the lines of the log. Stateless. */
public final class LogFormat {
    private static final String OPTION = "--log-format";
    private static final String VARIABLE = "NETLOOP_LOG_FORMAT";
    private static final String JOURNAL = "JOURNAL_STREAM";

    private static final Map<String, LineForm> FORMS =
            Map.of(
                    "plain",
                    LineForm.PLAIN,
                    "journal",
                    LineForm.JOURNAL,
                    "json",
                    LineForm.JSON_LINES);

    private LogFormat() {}

    /**
     * Returns the form that the arguments ask for, else the environment, else that of the journal
     * if standard error goes there. Another word than {@code plain}, {@code journal} and {@code
     * json} asks for nothing: the command itself refuses it, and {@link #wrong} tells that of the
     * environment.
     *
     * @param environment as {@link System#getenv()}
     * @param standardError the file that standard error is
     */
    public static LineForm choose(
            String[] arguments, Map<String, String> environment, Path standardError) {
        String asked = environment.getOrDefault(VARIABLE, "");
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith(OPTION + "=")) {
                asked = arguments[i].substring(OPTION.length() + 1);
            } else if (arguments[i].equals(OPTION) && i + 1 < arguments.length) {
                asked = arguments[i + 1];
            }
        }
        LineForm form = FORMS.get(asked.toLowerCase(Locale.ROOT));
        if (form != null) {
            return form;
        }
        return isJournal(environment.getOrDefault(JOURNAL, ""), standardError)
                ? LineForm.JOURNAL
                : LineForm.PLAIN;
    }

    /** Returns what is wrong with the form that the environment asks for; empty if nothing is. */
    public static Optional<String> wrong(Map<String, String> environment) {
        String asked = environment.getOrDefault(VARIABLE, "");
        return asked.isEmpty() || FORMS.containsKey(asked.toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : Optional.of(
                        VARIABLE
                                + " is '"
                                + asked
                                + "', not plain, journal or json: it is ignored");
    }

    /** The variable has the device and inode of the journal's socket, as systemd.exec(5) says. */
    private static boolean isJournal(String told, Path standardError) {
        if (told.isEmpty()) {
            return false;
        }
        try {
            Map<String, Object> file = Files.readAttributes(standardError, "unix:dev,ino");
            return told.equals(file.get("dev") + ":" + file.get("ino"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            // No such file can be the journal.
            return false;
        }
    }
}

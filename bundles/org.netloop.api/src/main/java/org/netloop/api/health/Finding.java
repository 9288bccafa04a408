package org.netloop.api.health;

import org.netloop.api.message.Printable;
import org.netloop.api.message.Secrets;

/**
 * One thing that a health check found. Immutable; its texts are single lines without secrets.
 *
 * @param status how bad it is
 * @param subject the part that it is about: {@code volume root}; at most {@value #LONGEST}
 *     characters
 * @param message the fact, with its figures; at most {@value #LONGEST} characters
 * @param advice what a person should do; empty if nothing needs to be done
 */
public record Finding(HealthStatus status, String subject, String message, String advice) {
    /** Length in characters after which a text is cut. */
    public static final int LONGEST = 1000;

    /** Takes secrets and control characters out of the texts, and cuts long ones. */
    public Finding {
        subject = shown(subject);
        message = shown(message);
        advice = shown(advice);
    }

    private static String shown(String text) {
        String safe = Printable.line(Secrets.hide(text));
        return safe.length() <= LONGEST ? safe : safe.substring(0, LONGEST - 1) + "…";
    }

    /** Returns it as a sentence: {@code volume root: no mirror answers; check the network}. */
    public String sentence() {
        return subject + ": " + message + (advice.isEmpty() ? "" : "; " + advice);
    }
}

package org.netloop.control.health;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** The names of states and conditions as people read them. */
public final class Words {
    private Words() {}

    /** Returns a constant's name in lower case, with blanks: {@code temporarily unavailable}. */
    public static String of(@Nullable Object constant) {
        return String.valueOf(constant).toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

package org.netloop.api.mount;

import org.netloop.api.message.Printable;
import org.netloop.api.status.Measure;
import org.netloop.api.volume.Volume;

/** The status of a volume for people and {@code grep}: a line for each measure. Stateless. */
public final class StatusText {
    private StatusText() {}

    /** Returns the text, each line ended; in characters that a terminal shows. */
    public static String of(Volume volume) {
        StringBuilder text = new StringBuilder();
        for (Measure measure : volume.measures()) {
            text.append(Printable.line(measure.toString())).append('\n');
        }
        return text.toString();
    }
}

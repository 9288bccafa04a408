package org.netloop.api.status;

import org.netloop.api.message.Secrets;

import java.util.HashMap;
import java.util.Map;

/**
 * How one part of a deployment is.
 *
 * @param kind what it is: {@code volume}, {@code attachment}, or a backend's contract
 * @param name what it is called among those of its kind
 * @param state how it is
 * @param message why it is not good; empty if it is
 * @param revision the value of {@value #REVISION} in the configuration it acts on; 0 if there is
 *     none
 * @param facts more, as text, numbers, flags and lists of them, by name
 */
public record Report(
        String kind,
        String name,
        State state,
        String message,
        long revision,
        Map<String, Object> facts) {

    /**
     * A property that whoever configures may add: a number that grows with each change. The report
     * of a configured part repeats it, so that it can be told when the change has taken effect.
     */
    public static final String REVISION = ".netloop.revision";

    /**
     * A property that whoever configures may add: the position of a configuration, from 0, in the
     * order in which they were written down.
     */
    public static final String ORDER = ".netloop.order";

    /** Copies the facts, and takes secrets out of all text. */
    public Report {
        message = Secrets.hide(message);
        Map<String, Object> safe = new HashMap<>();
        facts.forEach((key, fact) -> safe.put(key, Secrets.hideAll(fact)));
        facts = Map.copyOf(safe);
    }

    /** The revision among the properties of a component; 0 if there is none. */
    public static long revision(Map<String, ?> properties) {
        return properties.get(REVISION) instanceof Long revision ? revision : 0;
    }

    /** The position among the properties of a component; the last one if there is none. */
    public static int order(Map<String, ?> properties) {
        return properties.get(ORDER) instanceof Integer order ? order : Integer.MAX_VALUE;
    }

    /** How a part is. */
    public enum State {
        /** It does what it is configured to do. */
        GOOD,
        /** Something it needs is not there yet; it goes on by itself. */
        WAITING,
        /** It cannot do what it is configured to do; if it did something before, it still does. */
        FAILED,
        /** It failed again and again, and is left alone for a while. */
        QUARANTINED
    }
}

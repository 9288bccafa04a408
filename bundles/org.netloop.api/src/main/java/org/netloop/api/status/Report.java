package org.netloop.api.status;

import org.netloop.api.message.Secrets;

import java.util.List;
import java.util.Map;

/**
 * State of one part of a deployment. Immutable, and free of secrets.
 *
 * @param part the part
 * @param state its state
 * @param message the reason why it is not good; empty if it is
 * @param revision the value of {@value #REVISION} in the configuration it acts on; 0 if there is
 *     none
 * @param measures its figures
 */
public record Report(
        Part part, State state, String message, long revision, List<Measure> measures) {

    /**
     * Property that the author of a configuration may add: a number that grows with each change.
     * The report of a configured part repeats it, to show when the change has taken effect.
     */
    public static final String REVISION = ".netloop.revision";

    /**
     * Property that the author of a configuration may add: its position, from 0, in the order of
     * the files.
     */
    public static final String ORDER = ".netloop.order";

    /** Copies the measures, and takes secrets out of the message. */
    public Report {
        message = Secrets.hide(message);
        measures = List.copyOf(measures);
    }

    /**
     * Creates the report of a good part without configuration: for a plugin that only has figures.
     */
    public static Report of(Part part, List<Measure> measures) {
        return new Report(part, State.GOOD, "", 0, measures);
    }

    /** Returns the kind of its part. */
    public String kind() {
        return part.kind();
    }

    /** Returns the name of its part. */
    public String name() {
        return part.name();
    }

    /** Returns the revision among the properties of a component; 0 if there is none. */
    public static long revision(Map<String, ?> properties) {
        return properties.get(REVISION) instanceof Long revision ? revision : 0;
    }

    /** Returns the position among the properties of a component; the last one if there is none. */
    public static int order(Map<String, ?> properties) {
        return properties.get(ORDER) instanceof Integer order ? order : Integer.MAX_VALUE;
    }

    /**
     * Part of a deployment.
     *
     * @param kind its kind: {@code volume}, {@code attachment}, or a backend's contract
     * @param name its name among those of its kind
     * @param bundle the id of the bundle whose code it runs: a bundle is not removed while a part
     *     runs on it; {@value #NO_BUNDLE} if it needs none to stay
     */
    public record Part(String kind, String name, long bundle) {
        /** The part needs no bundle to stay. */
        public static final long NO_BUNDLE = -1;

        /** Takes secrets out of the name. */
        public Part {
            name = Secrets.hide(name);
        }

        /** Creates a part that needs no bundle to stay. */
        public Part(String kind, String name) {
            this(kind, name, NO_BUNDLE);
        }
    }

    /** Condition of a part. */
    public enum State {
        /** The part does what it is configured to do. */
        GOOD,
        /** The part needs something that is not available yet; it continues by itself. */
        WAITING,
        /** The part cannot do what it is configured to do; whatever it did before continues. */
        FAILED,
        /** The part failed repeatedly, and is left alone for a while. */
        QUARANTINED
    }
}

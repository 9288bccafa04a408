package org.netloop.engine.fetch;

/** A fetch from a mirror that somebody watches. */
@FunctionalInterface
public interface UnderWay {
    /** Observer that does nothing. */
    UnderWay UNSEEN = (_, _) -> {};

    /**
     * The fetch has ended. Called once.
     *
     * @param bytes how many stored bytes came
     * @param good whether they are what was wanted
     */
    void ended(int bytes, boolean good);
}

package org.netloop.engine.trace;

/**
 * Begins spans, which are recorded while somebody records them. A stage and the reads that wait for
 * it belong together by the object and the position in it. Called by many threads at once.
 */
interface Tracer {
    /** Records nothing. */
    Tracer NONE = new Tracer() {};

    /**
     * Begins a read that does not find everything in memory.
     *
     * @param volume its name
     * @param offset of the first byte that is not in memory
     * @param length bytes from there on
     */
    default Span read(String volume, long offset, int length) {
        return Span.NONE;
    }

    /**
     * Begins a stage.
     *
     * @param stage its name
     * @param path of the object
     * @param position of the first byte in it
     * @param length in bytes; 0 or less for all of the object
     */
    default Span stage(String stage, String path, long position, long length) {
        return Span.NONE;
    }
}

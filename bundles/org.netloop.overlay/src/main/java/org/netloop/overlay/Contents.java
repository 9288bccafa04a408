package org.netloop.overlay;

/**
 * Content of an overlay: where the bytes lie that were written.
 *
 * @param heading what it stands on
 * @param extents says where the bytes of each unit are
 * @param segments has them
 */
record Contents(Heading heading, Extents extents, Segments segments) {}

/** The way of a block from a cache or a mirror to its readers. */
@NullMarked
package org.netloop.engine.read;

import org.jspecify.annotations.NullMarked;

/** A copy-on-write layer that makes a volume writable, kept as a log on disk or in memory. */
@NullMarked
package org.netloop.overlay;

import org.jspecify.annotations.NullMarked;

/** Services that may leave while operations are inside them. */
@NullMarked
package org.netloop.engine.lease;

import org.jspecify.annotations.NullMarked;

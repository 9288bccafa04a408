/** Tells whoever records it where reads wait. Costs nothing while nobody does. */
@NullMarked
package org.netloop.engine.trace;

import org.jspecify.annotations.NullMarked;

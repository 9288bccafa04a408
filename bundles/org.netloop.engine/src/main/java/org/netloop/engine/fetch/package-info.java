/** Mirrors: which to ask, how long, and what their answers mean. */
@NullMarked
package org.netloop.engine.fetch;

import org.jspecify.annotations.NullMarked;

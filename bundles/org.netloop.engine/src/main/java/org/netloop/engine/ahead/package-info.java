/** Fetching what will be read: along profiles, ahead of sequential readers, and all the rest. */
@NullMarked
package org.netloop.engine.ahead;

import org.jspecify.annotations.NullMarked;

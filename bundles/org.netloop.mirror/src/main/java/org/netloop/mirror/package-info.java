/** Policies that order mirrors: by latency, and by expected time to fetch. */
@NullMarked
package org.netloop.mirror;

import org.jspecify.annotations.NullMarked;

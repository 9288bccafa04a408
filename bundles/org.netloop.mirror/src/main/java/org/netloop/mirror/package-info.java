/** Policies that order mirrors: by latency, by expected time to fetch, and by site. */
@NullMarked
package org.netloop.mirror;

import org.jspecify.annotations.NullMarked;

/** Stored blocks in Redis, shared by the machines of a site. */
@NullMarked
package org.netloop.cache.redis;

import org.jspecify.annotations.NullMarked;

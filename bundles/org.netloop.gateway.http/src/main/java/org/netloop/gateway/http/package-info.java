/** A mirror for neighbours: objects of repositories, from the cache of stored blocks. */
@NullMarked
package org.netloop.gateway.http;

import org.jspecify.annotations.NullMarked;

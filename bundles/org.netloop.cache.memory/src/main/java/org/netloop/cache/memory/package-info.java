/** Blocks off heap, within a budget of bytes. */
@NullMarked
package org.netloop.cache.memory;

import org.jspecify.annotations.NullMarked;

/** Packs disk images into stored blocks, an index and a channel. */
@NullMarked
package org.netloop.publish;

import org.jspecify.annotations.NullMarked;

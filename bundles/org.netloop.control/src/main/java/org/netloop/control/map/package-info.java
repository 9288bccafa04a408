/** Maps of the blocks of a volume: shares of their places in equal parts of a range. */
@NullMarked
package org.netloop.control.map;

import org.jspecify.annotations.NullMarked;

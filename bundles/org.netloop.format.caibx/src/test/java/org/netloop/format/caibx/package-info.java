/** Tests of the index format {@code caibx}. */
@NullMarked
package org.netloop.format.caibx;

import org.jspecify.annotations.NullMarked;

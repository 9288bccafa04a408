/** Tests of the index format {@code raw}. */
@NullMarked
package org.netloop.format.raw;

import org.jspecify.annotations.NullMarked;

/** Tests of the index format {@code cloop}. */
@NullMarked
package org.netloop.format.cloop;

import org.jspecify.annotations.NullMarked;

/** Tests of the index format {@code qcow2}. */
@NullMarked
package org.netloop.format.qcow2;

import org.jspecify.annotations.NullMarked;

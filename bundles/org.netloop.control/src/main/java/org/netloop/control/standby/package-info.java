/** A second process that goes on when this one is killed. */
@NullMarked
package org.netloop.control.standby;

import org.jspecify.annotations.NullMarked;

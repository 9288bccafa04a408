/**
 * A unix socket at which operators ask a running deployment for something: one line, one answer.
 */
@NullMarked
package org.netloop.control.socket;

import org.jspecify.annotations.NullMarked;

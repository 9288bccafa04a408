/** A fleet of machines that boots over simulated links. */
@NullMarked
package org.netloop.fleet;

import org.jspecify.annotations.NullMarked;

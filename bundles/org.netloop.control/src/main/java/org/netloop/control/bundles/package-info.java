/** Bundles of a running deployment: installed, replaced as a whole or not at all, and removed. */
@NullMarked
package org.netloop.control.bundles;

import org.jspecify.annotations.NullMarked;

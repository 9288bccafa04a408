/** Adds features to a running deployment, and removes them. */
@NullMarked
package org.netloop.control.features;

import org.jspecify.annotations.NullMarked;

/**
 * Makes deltas: finds the blocks of an earlier image that are most alike a changed block, and
 * encodes the block against them.
 */
@NullMarked
package org.netloop.publish.delta;

import org.jspecify.annotations.NullMarked;

/** An appliance resolved against an installed runtime, and its home directory as a tree. */
@NullMarked
package org.netloop.assembler.layout;

import org.jspecify.annotations.NullMarked;

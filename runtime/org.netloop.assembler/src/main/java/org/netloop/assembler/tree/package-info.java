/** Trees of files that do not exist yet, and how they are written. */
@NullMarked
package org.netloop.assembler.tree;

import org.jspecify.annotations.NullMarked;

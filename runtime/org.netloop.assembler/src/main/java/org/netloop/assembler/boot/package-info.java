/** Parts that boot media and network boot have in common: kernel, menu and called programs. */
@NullMarked
package org.netloop.assembler.boot;

import org.jspecify.annotations.NullMarked;

/** The kind dir. */
@NullMarked
package org.netloop.assembler.directory;

import org.jspecify.annotations.NullMarked;

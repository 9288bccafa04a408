/** The kind tar.gz. */
@NullMarked
package org.netloop.assembler.targz;

import org.jspecify.annotations.NullMarked;

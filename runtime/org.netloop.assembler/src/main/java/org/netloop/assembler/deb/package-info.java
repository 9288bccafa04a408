/** The kind deb: a Debian package. */
@NullMarked
package org.netloop.assembler.deb;

import org.jspecify.annotations.NullMarked;

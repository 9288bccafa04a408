/** The kind iso: a medium that boots a machine by BIOS and UEFI. */
@NullMarked
package org.netloop.assembler.iso;

import org.jspecify.annotations.NullMarked;

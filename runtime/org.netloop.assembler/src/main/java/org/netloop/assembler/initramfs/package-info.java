/** The kind initramfs: what a kernel boots from. */
@NullMarked
package org.netloop.assembler.initramfs;

import org.jspecify.annotations.NullMarked;

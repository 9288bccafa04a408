/** Volumes as files, by the kernel's FUSE protocol, spoken on {@code /dev/fuse}. */
@NullMarked
package org.netloop.frontend.devfuse;

import org.jspecify.annotations.NullMarked;

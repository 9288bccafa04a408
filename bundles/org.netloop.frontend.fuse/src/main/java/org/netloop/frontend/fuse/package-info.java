/** Volumes as files. */
@NullMarked
package org.netloop.frontend.fuse;

import org.jspecify.annotations.NullMarked;

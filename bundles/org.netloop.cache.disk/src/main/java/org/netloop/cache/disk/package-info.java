/** Stored blocks in files, shared by all volumes and processes. */
@NullMarked
package org.netloop.cache.disk;

import org.jspecify.annotations.NullMarked;

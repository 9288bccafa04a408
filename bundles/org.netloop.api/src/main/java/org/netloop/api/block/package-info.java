/** Values that every contract speaks in: digests, blocks, and where a block's stored form lies. */
@NullMarked
@Version("1.0.0")
package org.netloop.api.block;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;

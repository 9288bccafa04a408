/** Services and bundles of the framework. */
@NullMarked
package org.netloop.control.registry;

import org.jspecify.annotations.NullMarked;

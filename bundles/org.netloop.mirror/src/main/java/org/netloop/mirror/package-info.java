/** In which order mirrors are asked. */
@NullMarked
package org.netloop.mirror;

import org.jspecify.annotations.NullMarked;

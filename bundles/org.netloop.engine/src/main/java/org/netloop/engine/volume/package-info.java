/** Volumes: opened on request or by configuration. */
@NullMarked
package org.netloop.engine.volume;

import org.jspecify.annotations.NullMarked;

/** What is believed that no digest vouches for. */
@NullMarked
package org.netloop.engine.trust;

import org.jspecify.annotations.NullMarked;

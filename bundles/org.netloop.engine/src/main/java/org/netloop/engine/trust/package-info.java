/** Trust in documents that no digest verifies. */
@NullMarked
package org.netloop.engine.trust;

import org.jspecify.annotations.NullMarked;

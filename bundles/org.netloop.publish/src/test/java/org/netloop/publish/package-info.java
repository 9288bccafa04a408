/** Tests of the publisher. */
@NullMarked
package org.netloop.publish;

import org.jspecify.annotations.NullMarked;

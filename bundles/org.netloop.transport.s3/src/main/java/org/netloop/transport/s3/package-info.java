/** The transport {@code s3}. */
@NullMarked
package org.netloop.transport.s3;

import org.jspecify.annotations.NullMarked;

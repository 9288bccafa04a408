/** Fetching over HTTP. */
@NullMarked
package org.netloop.transport.http;

import org.jspecify.annotations.NullMarked;

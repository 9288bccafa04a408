/** The transport {@code file}. */
@NullMarked
package org.netloop.transport.file;

import org.jspecify.annotations.NullMarked;

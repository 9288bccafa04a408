/** Volumes as exports of an NBD server. */
@NullMarked
package org.netloop.frontend.nbd;

import org.jspecify.annotations.NullMarked;

/** Attaches configured volumes to frontends, and keeps them attached while either is replaced. */
@NullMarked
package org.netloop.attach;

import org.jspecify.annotations.NullMarked;

/** Resolves, starts and tests one plugin in a framework of its own, in a process of its own. */
@NullMarked
package org.netloop.verifier;

import org.jspecify.annotations.NullMarked;

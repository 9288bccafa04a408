/** A prompt for the commands of netloop, in the language of Gogo. */
@NullMarked
package org.netloop.shell;

import org.jspecify.annotations.NullMarked;

/** Profiles as documents, and the commands around them. */
@NullMarked
package org.netloop.profile;

import org.jspecify.annotations.NullMarked;

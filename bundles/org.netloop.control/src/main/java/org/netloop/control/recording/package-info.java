/** Recording of profiles in a running deployment. */
@NullMarked
package org.netloop.control.recording;

import org.jspecify.annotations.NullMarked;

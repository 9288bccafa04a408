/** Runs a deployment, and changes it while it runs. */
@NullMarked
package org.netloop.control;

import org.jspecify.annotations.NullMarked;

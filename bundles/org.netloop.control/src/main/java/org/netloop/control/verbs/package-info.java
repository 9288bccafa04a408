/** Requests to a deployment: how a verb is found and called, and the deployment's own verbs. */
@NullMarked
package org.netloop.control.verbs;

import org.jspecify.annotations.NullMarked;

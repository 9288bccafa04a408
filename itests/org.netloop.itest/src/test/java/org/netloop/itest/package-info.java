/** Runs the assembled runtime against real servers, real clients and real mounts. */
@NullMarked
package org.netloop.itest;

import org.jspecify.annotations.NullMarked;

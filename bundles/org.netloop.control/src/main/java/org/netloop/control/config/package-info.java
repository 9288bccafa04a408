/** The configuration of a deployment: files, what they may say, and what follows from a change. */
@NullMarked
package org.netloop.control.config;

import org.jspecify.annotations.NullMarked;

/**
 * Schedule of retries: all pauses and deadlines of the engine. It depends on no other package of
 * the engine.
 */
@NullMarked
package org.netloop.engine.retry;

import org.jspecify.annotations.NullMarked;

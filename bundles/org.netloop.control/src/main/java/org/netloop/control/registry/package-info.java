/** What is there in the framework. */
@NullMarked
package org.netloop.control.registry;

import org.jspecify.annotations.NullMarked;

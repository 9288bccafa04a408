/** The Java runtime of an appliance, cut to what its bundles need. */
@NullMarked
package org.netloop.assembler.java;

import org.jspecify.annotations.NullMarked;

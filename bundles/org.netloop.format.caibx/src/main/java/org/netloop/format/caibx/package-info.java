/** The index format {@code caibx}; its page is {@code docs/formats/caibx.md}. */
@NullMarked
package org.netloop.format.caibx;

import org.jspecify.annotations.NullMarked;

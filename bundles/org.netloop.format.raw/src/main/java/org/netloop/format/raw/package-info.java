/** The index format {@code raw}; its page is {@code docs/formats/raw.md}. */
@NullMarked
package org.netloop.format.raw;

import org.jspecify.annotations.NullMarked;

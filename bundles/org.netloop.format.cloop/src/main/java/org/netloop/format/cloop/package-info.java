/** The index format {@code cloop}; its page is {@code docs/formats/cloop.md}. */
@NullMarked
package org.netloop.format.cloop;

import org.jspecify.annotations.NullMarked;

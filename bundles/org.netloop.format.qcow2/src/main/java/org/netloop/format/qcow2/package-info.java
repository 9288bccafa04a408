/** The index format {@code qcow2}; its page is {@code docs/formats/qcow2.md}. */
@NullMarked
package org.netloop.format.qcow2;

import org.jspecify.annotations.NullMarked;

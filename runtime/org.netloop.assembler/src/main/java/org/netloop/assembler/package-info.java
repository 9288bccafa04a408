/** The assembler of appliances: its command line, and the kinds of output. */
@NullMarked
package org.netloop.assembler;

import org.jspecify.annotations.NullMarked;

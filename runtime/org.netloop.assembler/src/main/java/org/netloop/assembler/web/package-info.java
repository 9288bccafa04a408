/** The kind web: a directory of a web server that machines boot from. */
@NullMarked
package org.netloop.assembler.web;

import org.jspecify.annotations.NullMarked;

/** Commands for trying Netloop out on one machine: the demo, and a small web server. */
@NullMarked
package org.netloop.demo;

import org.jspecify.annotations.NullMarked;

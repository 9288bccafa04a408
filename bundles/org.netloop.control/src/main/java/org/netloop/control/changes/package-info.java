/** Changes of a running deployment that outlast its process, and the directory they are kept in. */
@NullMarked
package org.netloop.control.changes;

import org.jspecify.annotations.NullMarked;

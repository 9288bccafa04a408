/** The command line, and the subcommands that come with Netloop. */
@NullMarked
package org.netloop.command;

import org.jspecify.annotations.NullMarked;

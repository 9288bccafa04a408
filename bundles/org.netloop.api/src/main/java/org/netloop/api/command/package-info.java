/** The command contract: a subcommand of the {@code netloop} command line. */
@NullMarked
@Version("1.0.0")
package org.netloop.api.command;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;

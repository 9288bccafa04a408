/**
 * The command contract: adds a subcommand to the {@code netloop} command line.
 *
 * <p>A {@link org.netloop.api.command.Command} is registered as a prototype-scoped service with its
 * name as the service property {@value org.netloop.api.command.Command#NAME}. Options and help are
 * picocli's annotations on its class. The same commands run at the prompt of {@code netloop shell}.
 *
 * <p>Obligations: a command writes results to standard output and everything else to standard
 * error; it returns an exit code of the contract; it throws failures, with a message for the user;
 * it ends when its thread is interrupted.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.command;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;

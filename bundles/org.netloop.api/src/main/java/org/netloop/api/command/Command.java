package org.netloop.api.command;

import org.osgi.annotation.versioning.ConsumerType;

import java.util.concurrent.Callable;

/**
 * A subcommand of {@code netloop}. Registered as a prototype-scoped service with the property {@value
 * #NAME}: each run gets an instance of its own.
 *
 * <p>Its options are the fields and methods annotated with picocli's annotations ({@code
 * @picocli.CommandLine.Command} on the class), which the host reads by reflection; names, help, parsing
 * and shell completion follow from them. {@link #call} does the work and returns one of the exit codes
 * below. Messages for the user are thrown: an {@link java.io.IOException} or {@link
 * IllegalArgumentException} is printed as one line. A command that runs until it is told to stop ends when
 * its thread is interrupted.
 */
@ConsumerType
public interface Command extends Callable<Integer> {

    /**
     * Service property: the subcommand's name. With a space in it, it is a subcommand of another
     * bundle's command: {@code profile record} of {@code profile}, and only there if that one is.
     */
    String NAME = "netloop.command";

    /** Exit code: all went well. */
    int OK = 0;

    /** Exit code: it failed; the message says why. */
    int FAILED = 1;

    /** Exit code: the arguments were wrong. */
    int USAGE = 2;

    /** Exit code: it looked, and found damage ({@code verify}). */
    int DAMAGED = 3;
}

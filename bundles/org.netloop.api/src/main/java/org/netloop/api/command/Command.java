package org.netloop.api.command;

import org.osgi.annotation.versioning.ConsumerType;

import java.util.concurrent.Callable;

/**
 * Subcommand of {@code netloop}. Registered as a prototype-scoped service with the property {@value
 * #NAME}: each run gets an instance of its own.
 *
 * <p>Its options are the fields and methods annotated with picocli's annotations ({@code
 * @picocli.CommandLine.Command} on the class), which the host reads by reflection; names, help, parsing
 * and shell completion follow from them. {@link #call} does the work and returns one of the exit codes
 * below. Failures are thrown: an {@link java.io.IOException} or {@link
 * IllegalArgumentException} is printed as one line. A command that runs until stopped ends when its thread is interrupted.
 */
@ConsumerType
public interface Command extends Callable<Integer> {

    /**
     * Service property with the subcommand's name. A name with a space is a subcommand of another
     * bundle's command: {@code profile record} of {@code profile}, available only while that one
     * is.
     */
    String NAME = "netloop.command";

    /** Exit code of success. */
    int OK = 0;

    /** Exit code of a failure; the message says why. */
    int FAILED = 1;

    /** Exit code of invalid arguments. */
    int USAGE = 2;

    /** Exit code of a check that found damage ({@code verify}). */
    int DAMAGED = 3;
}

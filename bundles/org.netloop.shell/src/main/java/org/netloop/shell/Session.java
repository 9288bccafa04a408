package org.netloop.shell;

import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.netloop.api.command.Command;
import org.netloop.api.message.Failures;
import org.netloop.api.message.Printable;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Runs lines in the language of Gogo, whose functions are the commands of netloop: variables, pipes
 * and closures are Gogo's. One thread runs lines; any may interrupt.
 */
final class Session implements AutoCloseable {
    private static final String SCOPE = "netloop";
    private static final List<String> LEAVE = List.of("exit", "quit");

    private final ThreadIOImpl streams = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(streams);
    private final CommandSession session;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    /**
     * Creates a session that offers the given commands.
     *
     * @param commands their names
     * @param main runs a command line and gives its exit code
     */
    Session(Collection<String> commands, ToIntFunction<String[]> main) {
        // Those of the process: once streams are told apart by thread, System.out leads to these.
        session = processor.createSession(System.in, System.out, System.err);
        streams.start();
        for (String name : commands) {
            add(name, arguments -> run(main, name, arguments));
        }
        for (String name : LEAVE) {
            add(
                    name,
                    _ -> {
                        throw new LeaveException();
                    });
        }
        session.put("SCOPE", SCOPE + ":*");
        // URIs and patterns of names have asterisks and question marks.
        session.put(CommandSession.OPTION_NO_GLOB, true);
    }

    @FunctionalInterface
    private interface Deed {
        void run(List<Object> arguments) throws Exception;
    }

    private void add(String name, Deed deed) {
        processor.addCommand(
                SCOPE,
                (org.apache.felix.service.command.Function)
                        (_, arguments) -> {
                            deed.run(arguments);
                            return null;
                        },
                name);
    }

    private void run(ToIntFunction<String[]> main, String name, List<Object> arguments)
            throws CommandFailedException {
        String[] words =
                Stream.concat(Stream.of(name), arguments.stream().map(String::valueOf))
                        .toArray(String[]::new);
        running.add(Thread.currentThread());
        int code;
        try {
            code = main.applyAsInt(words);
        } finally {
            running.remove(Thread.currentThread());
        }
        if (code != Command.OK) {
            throw new CommandFailedException(name, code);
        }
    }

    /**
     * Runs a line, or several: until one fails, which has been told by then.
     *
     * @return the exit code of the last command that ran
     * @throws LeaveException if the user leaves
     */
    int run(String lines) throws LeaveException {
        try {
            Object result = session.execute(lines);
            if (result != null) {
                System.out.println(session.format(result, Converter.INSPECT));
            }
            return Command.OK;
        } catch (LeaveException e) {
            throw e;
        } catch (CommandFailedException e) {
            return e.exitCode();
        } catch (CommandNotFoundException e) {
            return tell("there is no command " + e.getCommand() + "; 'help' lists those there are");
        } catch (SyntaxError e) {
            return tell("this is not understood: " + e.getMessage());
        } catch (InterruptedException e) {
            return tell("interrupted");
        } catch (Exception e) {
            return tell(Failures.sentence(e));
        }
    }

    private static int tell(String message) {
        System.err.println("netloop: " + Printable.line(message));
        return Command.FAILED;
    }

    /** Interrupts the commands that run; each ends by itself, and says what it has to. */
    void interrupt() {
        running.forEach(Thread::interrupt);
    }

    @Override
    public void close() {
        session.close();
        processor.stop();
        streams.stop();
    }
}

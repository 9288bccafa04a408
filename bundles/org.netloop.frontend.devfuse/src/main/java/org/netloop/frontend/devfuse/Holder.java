package org.netloop.frontend.devfuse;

import org.netloop.api.message.Failures;
import org.netloop.api.mount.Caller;
import org.netloop.api.systemd.Pipe;
import org.netloop.api.systemd.Spawn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A small process that keeps the descriptor of a mount while no process serves it: a shell that
 * waits. Its environment says what it holds; a successor finds it there, and takes a copy of the
 * descriptor by pidfd_getfd(2).
 *
 * <p>Whether the server lives is told by a pipe and not by a process number, which another
 * namespace may use for something else: the server has the end for writing, the holder reads. The
 * holder sees the end of the pipe when the server ends, in whatever way; then it ends by itself
 * after ten minutes, so that no reader hangs for ever. A successor sees that the server's lock on
 * the pipe (flock(2)) is free, and takes it, so that there is one successor.
 */
final class Holder implements Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(Holder.class);

    /** Waits for as long as a server lives, then for a successor. */
    private static final String SCRIPT = "read -r _; sleep \"$2\"";

    private static final String NAME = "netloop-holder";
    private static final int PATIENCE_SECONDS = 600;
    private static final String VARIABLE = "NETLOOP_HOLDS=";
    private static final Path PROCESSES = Path.of("/proc");
    private static final long PIDFD_OPEN = 434;
    private static final long PIDFD_GETFD = 438;
    private static final int SIGKILL = 9;
    private static final int INPUT = 0;
    private static final int HELD = Spawn.FIRST;
    private static final int NONE = -1;
    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final Duration LOOKS_EVERY = Duration.ofMillis(2);

    private final long pid;
    private final Claim claim;

    /** True if this process started it: nothing else gets its number before it is awaited. */
    private final boolean own;

    /** The locked end of its pipe; {@value #NONE} if that is not this process's. */
    private int lock;

    private Holder(long pid, Claim claim, int lock) {
        this.pid = pid;
        this.claim = claim;
        this.own = lock != NONE;
        this.lock = lock;
    }

    /**
     * Starts one for a mount of this process.
     *
     * @throws IOException if it cannot be run
     */
    static Holder start(int descriptor, Claim claim) throws IOException {
        // Its server's number is for people who look at the list of processes.
        List<String> command =
                List.of(
                        "/bin/sh",
                        "-c",
                        SCRIPT,
                        NAME,
                        String.valueOf(ProcessHandle.current().pid()),
                        String.valueOf(PATIENCE_SECONDS));
        List<String> environment = List.of(VARIABLE + claim.text(), "PATH=/usr/bin:/bin");
        Pipe pipe = Pipe.open();
        Map<Integer, Integer> numbers = Map.of(INPUT, pipe.reading(), HELD, descriptor);
        try {
            long failed = Native.lock(pipe.writing());
            if (failed < 0) {
                throw new IOException("a pipe cannot be locked: error " + -failed);
            }
            Holder started =
                    new Holder(
                            Spawn.start(command, environment, numbers, true),
                            claim,
                            pipe.writing());
            started.awaitStart();
            return started;
        } catch (IOException e) {
            Native.close(pipe.writing());
            throw e;
        } finally {
            Native.close(pipe.reading());
        }
    }

    /** Waits until a successor can find it: exec(2) sets a process's words after its memory. */
    private void awaitStart() {
        await("can be found by no successor yet", () -> read(process()).isEmpty());
    }

    /** Finds the one of a mounted file system, of this user. */
    static Optional<Holder> of(String device) throws IOException {
        return all(device).stream().findFirst();
    }

    private static List<Holder> all(String device) throws IOException {
        try (Stream<Path> all = Files.list(PROCESSES)) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .flatMap(path -> read(path).stream())
                    .filter(holder -> holder.claim().device().equals(device))
                    .toList();
        }
    }

    /** A process that cannot be looked at is not ours, or has just ended. */
    private static Optional<Holder> read(Path process) {
        try {
            if (((Number) Files.getAttribute(process, "unix:uid")).longValue() != Caller.uid()) {
                return Optional.empty();
            }
            String environment =
                    Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            for (String variable : environment.split("\0")) {
                if (variable.startsWith(VARIABLE) && holds(process)) {
                    Claim claim = Claim.parse(variable.substring(VARIABLE.length()));
                    long pid = Long.parseLong(process.getFileName().toString());
                    return Optional.ofNullable(claim).map(known -> new Holder(pid, known, NONE));
                }
            }
        } catch (IOException e) {
            LOG.trace("{} is passed over: {}", process, e.getMessage());
        }
        return Optional.empty();
    }

    /** Returns whether a process is a shell that holds; its children have its environment too. */
    private static boolean holds(Path process) throws IOException {
        return Files.readSymbolicLink(descriptor(process, HELD)).toString().equals(Mounting.DEVICE)
                && Files.readString(process.resolve("cmdline")).contains(NAME);
    }

    long pid() {
        return pid;
    }

    @Override
    public Claim claim() {
        return claim;
    }

    @Override
    public void seize() throws IOException {
        int opened = Native.open(descriptor(process(), INPUT).toString());
        if (opened < 0) {
            throw new IOException(
                    "has just lost its holder, with error " + -opened + "; try again");
        }
        if (Native.lock(opened) < 0) {
            Native.close(opened);
            throw new IOException("is served by another process" + server());
        }
        lock = opened;
    }

    /** Returns the number that the server had in its own namespace, for a message. */
    private String server() throws IOException {
        String[] words = Files.readString(process().resolve("cmdline")).split("\0");
        int at = List.of(words).indexOf(NAME) + 1;
        return at > 0 && at < words.length ? ", " + words[at] : "";
    }

    @Override
    public int take() throws IOException {
        long process = Native.syscall(PIDFD_OPEN, pid, 0, 0);
        if (process < 0) {
            throw new IOException("process " + pid + " has gone: error " + -process);
        }
        long taken = Native.syscall(PIDFD_GETFD, process, HELD, 0);
        Native.close((int) process);
        if (taken < 0) {
            throw new IOException(
                    "its descriptor cannot be taken over from process "
                            + pid
                            + ": error "
                            + -taken
                            + " (of a user other than root, kernel.yama.ptrace_scope must be 0)");
        }
        return (int) taken;
    }

    /** Returns false: the end of one process is waited for, and that was another. */
    @Override
    public boolean staysOn() {
        return false;
    }

    @Override
    public boolean isThere() {
        try {
            return holds(process());
        } catch (IOException _) {
            return false; // it has ended
        }
    }

    @Override
    public void handedOver() {
        end();
    }

    /** Looks for them: each waits for minutes, in which whoever attaches there finds it free. */
    @Override
    public void endOthers() {
        try {
            all(claim.device()).stream().filter(other -> other.pid != pid).forEach(Holder::end);
        } catch (IOException e) {
            LOG.warn("holders of the mount are not looked for: {}", Failures.sentence(e));
        }
    }

    @Override
    public void end() {
        // One that a former process started ends by itself, and its number may be another's then.
        if (own || isThere()) {
            // With the program it waits by, as both lead a session of their own.
            Native.kill(-(int) pid, SIGKILL);
        }
        Spawn.await((int) pid);
        awaitEnd();
        if (lock != NONE) {
            Native.close(lock);
            lock = NONE;
        }
    }

    /** Waits; whoever inherited it may leave its process number in use for long. */
    private void awaitEnd() {
        Path held = descriptor(process(), HELD);
        await("does not end", () -> Files.exists(held, LinkOption.NOFOLLOW_LINKS));
    }

    private void await(String otherwise, BooleanSupplier waits) {
        long end = System.nanoTime() + WITHIN.toNanos();
        try {
            while (waits.getAsBoolean()) {
                if (System.nanoTime() - end > 0) {
                    LOG.warn("process {}, which holds a mount, {}", pid, otherwise);
                    return;
                }
                Thread.sleep(LOOKS_EVERY);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Path process() {
        return PROCESSES.resolve(String.valueOf(pid));
    }

    private static Path descriptor(Path process, int number) {
        return process.resolve("fd").resolve(String.valueOf(number));
    }
}

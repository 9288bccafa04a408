package org.netloop.api.systemd;

import org.netloop.api.systemd.PassedDescriptors.Passed;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A process that is to take the place of this one. It gets descriptors as from a service manager,
 * and says through a pipe when it serves; by another pipe it knows when this process has ended.
 * Used by one thread at a time.
 */
public final class Successor {
    static final String READY = "netloop-ready";
    static final String LIVES = "netloop-former";

    /** Stands in place of {@link #READY} for one that stands by. */
    static final String STANDS_BY = "netloop-standby";

    /** A descriptor of the process that one stands by. */
    static final String PROCESS = "netloop-process";

    /** Says to itself which process it is, as a shell becomes it. */
    private static final String SHELL =
            "export LISTEN_PID=$$; [ -z \"${WATCHDOG_PID:-}\" ] || export WATCHDOG_PID=$$;"
                    + " exec \"$@\"";

    private final int pid;
    private final Pipe said;
    private final Pipe lives;

    /** Completes with its exit status. */
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    private Successor(int pid, Pipe said, Pipe lives) {
        this.pid = pid;
        this.said = said;
        this.lives = lives;
        Thread.ofPlatform()
                .daemon()
                .name("netloop-successor-end")
                .start(() -> ended.complete(Spawn.await(pid)));
    }

    /**
     * Starts it, with the environment and the standard streams of this process.
     *
     * @param passed what it gets beside the two pipes
     * @throws IOException if it cannot be started
     */
    public static Successor start(List<String> command, List<Passed> passed) throws IOException {
        return start(command, passed, READY);
    }

    /**
     * Starts one that waits until this process has ended, in whatever way, and serves then.
     *
     * @param passed as for one that is to serve at once
     * @throws IOException if it cannot be started, or the kernel is older than Linux 5.3
     */
    public static Successor standBy(List<String> command, List<Passed> passed) throws IOException {
        int process = Pidfd.ofThisProcess();
        try {
            List<Passed> all = new ArrayList<>(passed);
            all.add(new Passed(process, PROCESS));
            return start(command, all, STANDS_BY);
        } finally {
            Spawn.close(process);
        }
    }

    private static Successor start(List<String> command, List<Passed> passed, String role)
            throws IOException {
        Pipe said = Pipe.open();
        Pipe lives = Pipe.open();
        List<Passed> all = new ArrayList<>(passed);
        all.add(new Passed(said.writing(), role));
        all.add(new Passed(lives.reading(), LIVES));
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            numbers.put(Spawn.FIRST + i, all.get(i).number());
        }
        List<String> whole = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, "netloop"));
        whole.addAll(command);
        try {
            int pid = Spawn.start(whole, environment(all), numbers, false);
            return new Successor(pid, said, lives);
        } catch (IOException e) {
            Spawn.close(said.reading());
            Spawn.close(lives.writing());
            throw e;
        } finally {
            Spawn.close(said.writing());
            Spawn.close(lives.reading());
        }
    }

    private static List<String> environment(List<Passed> passed) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("LISTEN_FDS", String.valueOf(passed.size()));
        environment.put(
                "LISTEN_FDNAMES",
                passed.stream().map(Passed::name).collect(Collectors.joining(":")));
        return environment.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }

    /** Returns its number. */
    public int pid() {
        return pid;
    }

    /**
     * Waits until it has as many attachments; it tells whenever it has more. To be called once.
     *
     * @return false if it has ended before, or the time is over
     */
    public boolean awaitReady(long attachments, Duration time) throws InterruptedException {
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("netloop-successor")
                .start(() -> ready.complete(reads(attachments)));
        try {
            return ready.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return false;
        }
    }

    private boolean reads(long attachments) {
        Path pipe = Path.of("/proc/self/fd", String.valueOf(said.reading()));
        try (BufferedReader in = Files.newBufferedReader(pipe, StandardCharsets.US_ASCII)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.matches("[0-9]{1,9}") && Long.parseLong(line) >= attachments) {
                    return true;
                }
            }
        } catch (IOException _) {
            // As good as its end.
        }
        return false;
    }

    /** Completes with its exit status when it has ended; with -1 if it was killed. */
    public CompletableFuture<Integer> ended() {
        return ended.copy();
    }

    /** Ends it at once, and returns when it has ended. To be called once. */
    public void kill() {
        end(Duration.ZERO);
    }

    /**
     * Ends it as by SIGTERM, at once if it does not end in time, and returns when it has ended. To
     * be called once, also for one that has ended by itself.
     */
    public void end(Duration within) {
        if (within.isPositive()) {
            handle().ifPresent(ProcessHandle::destroy);
            try {
                int _ = ended.get(within.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException _) {
                // It is killed then.
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        handle().ifPresent(ProcessHandle::destroyForcibly);
        int _ = ended.join();
        Spawn.close(said.reading());
        Spawn.close(lives.writing());
    }

    /** Returns it while its number is its own, which is until its end was awaited. */
    private Optional<ProcessHandle> handle() {
        return ended.isDone() ? Optional.empty() : ProcessHandle.of(pid);
    }
}

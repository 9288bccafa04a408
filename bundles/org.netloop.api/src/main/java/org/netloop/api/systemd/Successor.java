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

    /** Says to itself which process it is, as a shell becomes it. */
    private static final String SHELL =
            "export LISTEN_PID=$$; [ -z \"${WATCHDOG_PID:-}\" ] || export WATCHDOG_PID=$$;"
                    + " exec \"$@\"";

    private final int pid;
    private final Pipe said;
    private final Pipe lives;

    private Successor(int pid, Pipe said, Pipe lives) {
        this.pid = pid;
        this.said = said;
        this.lives = lives;
    }

    /**
     * Starts it, with the environment and the standard streams of this process.
     *
     * @param passed what it gets beside the two pipes
     * @throws IOException if it cannot be started
     */
    public static Successor start(List<String> command, List<Passed> passed) throws IOException {
        Pipe said = Pipe.open();
        Pipe lives = Pipe.open();
        List<Passed> all = new ArrayList<>(passed);
        all.add(new Passed(said.writing(), READY));
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
     * Waits until it serves.
     *
     * @return how many attachments it has; -1 if it has ended, or the time is over
     */
    public long awaitReady(Duration time) throws InterruptedException {
        CompletableFuture<Long> ready = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("netloop-successor").start(() -> read(ready));
        try {
            return ready.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return -1;
        }
    }

    private void read(CompletableFuture<Long> ready) {
        Path pipe = Path.of("/proc/self/fd", String.valueOf(said.reading()));
        try (BufferedReader in = Files.newBufferedReader(pipe, StandardCharsets.US_ASCII)) {
            String line = in.readLine();
            ready.complete(line != null && line.matches("[0-9]{1,9}") ? Long.parseLong(line) : -1L);
        } catch (IOException _) {
            ready.complete(-1L);
        }
    }

    /** Ends it at once, and returns when it has ended. */
    public void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        int _ = Spawn.await(pid);
        Spawn.close(said.reading());
        Spawn.close(lives.writing());
    }
}

package org.netloop.itest;

import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A program that was started, with what it prints in files. */
final class Program {
    private static final Duration LONGEST =
            Duration.ofSeconds(Integer.getInteger("netloop.itest.patience", 120));
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /**
     * Result of a program.
     *
     * @param command what was run
     * @param exit its exit code
     * @param out its standard output
     * @param err its standard error
     */
    record Ended(List<String> command, int exit, String out, String err) {
        /** Itself, if all went well. */
        Ended well() {
            if (exit != 0) {
                throw new AssertionError(this);
            }
            return this;
        }
    }

    private final List<String> command;
    private final Process process;
    private final Path out;
    private final Path err;

    private Program(List<String> command, Process process, Path out, Path err) {
        this.command = command;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts it in a directory of which it may write all; with an environment of its own. */
    static Program start(
            Path directory, Path input, Map<String, String> environment, String... command)
            throws IOException {
        Machine.needsProgram(command[0]);
        // Unique in a directory that several processes share, too.
        String base = "program-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        Path out = directory.resolve(base + ".out");
        Path err = directory.resolve(base + ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(input.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        return new Program(List.of(command), builder.start(), out, err);
    }

    /** Everything it printed so far to its standard output. */
    String out() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** The same, as bytes. */
    byte[] bytes() throws IOException {
        return Files.readAllBytes(out);
    }

    /** Everything it printed so far to its standard error. */
    String err() throws IOException {
        return Files.readString(err, StandardCharsets.UTF_8);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Waits until it prints something. */
    Program awaitOutput(String text) throws IOException {
        Await.until(
                command + " prints '" + text + "'; it printed: " + out() + err(),
                LONGEST,
                () -> {
                    boolean alive = isAlive();
                    if (out().contains(text)) {
                        return true;
                    }
                    if (!alive) {
                        throw new AssertionError(
                                command + " ended with " + process.exitValue() + ": " + err());
                    }
                    return false;
                });
        return this;
    }

    /** Waits for its end. */
    Ended end() throws IOException, InterruptedException {
        return end(LONGEST);
    }

    /** Waits for its end, which comes within the time. */
    Ended end(Duration longest) throws IOException, InterruptedException {
        if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError(command + " does not end; it printed: " + out() + err());
        }
        return new Ended(command, process.exitValue(), out(), err());
    }

    /** Lets it run for so long, less if it ends before. */
    Program runFor(Duration time) throws InterruptedException {
        boolean _ = process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /** SIGTERM. */
    Program terminate() {
        process.destroy();
        return this;
    }

    /** SIGKILL; it and its children are gone when this returns. */
    void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    @Override
    public String toString() {
        return Arrays.toString(command.toArray());
    }
}

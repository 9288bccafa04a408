package org.netloop.launcher;

import org.netloop.api.message.Failures;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The process's standard output. It belongs to the command, and may be an image: while no command
 * runs, {@code System.out} is standard error. What cannot be written ends the command with a
 * sentence, where Java's own stream would say nothing and go on.
 */
final class StandardOutput extends OutputStream {
    private static final PrintStream RESULTS = stream(new FileOutputStream(FileDescriptor.out));

    private final OutputStream out;

    private StandardOutput(OutputStream out) {
        this.out = out;
    }

    /**
     * Redirects standard output while the framework starts or stops, when nothing may write
     * results.
     */
    static void withhold() {
        System.setOut(System.err);
    }

    /** The command's results go where they belong. */
    static void release() {
        System.setOut(RESULTS);
    }

    /**
     * A stream that throws an {@link UncheckedIOException} with a sentence when it cannot write.
     */
    static PrintStream stream(OutputStream out) {
        return new PrintStream(new StandardOutput(out), true, charset());
    }

    private static Charset charset() {
        String name = System.getProperty("stdout.encoding", "");
        return name.isEmpty() ? StandardCharsets.UTF_8 : Charset.forName(name);
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException(
                            "standard output cannot be written: " + Failures.sentence(e), e));
        }
    }
}

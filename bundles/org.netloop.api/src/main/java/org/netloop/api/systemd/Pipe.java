package org.netloop.api.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The two descriptors of a pipe(2). No program that is started has them, if they are not named to
 * {@link Spawn}.
 *
 * @param reading sees the end when nobody has the other any more
 * @param writing the other
 */
public record Pipe(int reading, int writing) {
    private static final MethodHandle PIPE =
            CLibrary.function("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

    /**
     * Makes one.
     *
     * @throws IOException if there are too many descriptors
     */
    public static Pipe open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
            int made = (int) PIPE.invokeExact(both, CLibrary.CLOSE_ON_EXEC);
            if (made < 0) {
                throw new IOException("no pipe can be made: are there too many descriptors?");
            }
            return new Pipe(both.get(JAVA_INT, 0), both.get(JAVA_INT, Integer.BYTES));
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.netloop.api.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Starts programs that inherit descriptors, which {@link ProcessBuilder} closes. They get the
 * standard ones and those that are named, and no other. Linux only. Stateless.
 */
public final class Spawn {
    private static final MethodHandle SPAWN =
            function("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle ACTIONS = function("posix_spawn_file_actions_init", ADDRESS);
    private static final MethodHandle ACTIONS_DESTROY =
            function("posix_spawn_file_actions_destroy", ADDRESS);
    private static final MethodHandle DUPLICATE =
            function("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE =
            function("posix_spawn_file_actions_addclose", ADDRESS, JAVA_INT);
    private static final MethodHandle OPEN =
            function(
                    "posix_spawn_file_actions_addopen",
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_INT);
    private static final MethodHandle ATTRIBUTES = function("posix_spawnattr_init", ADDRESS);
    private static final MethodHandle FLAGS =
            function("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
    private static final MethodHandle WAIT = function("waitpid", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CLOSE_NOW = function("close", JAVA_INT);
    private static final MethodHandle FCNTL =
            CLibrary.function(
                    "fcntl",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                    Linker.Option.firstVariadicArg(2));

    /** Closes also what other threads open meanwhile; of glibc 2.34 and newer. */
    private static final Optional<MethodHandle> CLOSE_FROM =
            CLibrary.optional(
                    "posix_spawn_file_actions_addclosefrom_np",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

    /** Number of the first descriptor after the standard ones. */
    public static final int FIRST = 3;

    /** More than glibc's and musl's structures take, in bytes. */
    private static final long STRUCTURE = 512;

    private static final int F_DUPFD_CLOEXEC = 1030;

    /** Numbers from here on are in nobody's way. */
    private static final int ASIDE = 128;

    private static final short SETSID = 0x80;
    private static final int EXIT_SHIFT = 8;
    private static final int BYTE = 0xFF;

    private Spawn() {}

    private static MethodHandle function(String name, MemoryLayout... types) {
        return CLibrary.function(name, FunctionDescriptor.of(JAVA_INT, types));
    }

    /**
     * Starts a program.
     *
     * @param environment all of it, each {@code NAME=value}
     * @param descriptors by the number that each is to have in the program
     * @param aside whether it is to live on: it gets a session of its own, and {@code /dev/null}
     *     for the output and errors of this process
     * @return its process number
     * @throws IOException if it cannot be run
     */
    public static int start(
            List<String> command,
            List<String> environment,
            Map<Integer, Integer> descriptors,
            boolean aside)
            throws IOException {
        Map<Integer, Integer> high = new HashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            for (Map.Entry<Integer, Integer> one : descriptors.entrySet()) {
                high.put(one.getKey(), duplicate(one.getValue()));
            }
            MemorySegment actions = arena.allocate(STRUCTURE, Long.BYTES);
            MemorySegment attributes = arena.allocate(STRUCTURE, Long.BYTES);
            int _ = (int) ACTIONS.invokeExact(actions);
            int _ = (int) ATTRIBUTES.invokeExact(attributes);
            if (aside) {
                setAside(arena, actions, attributes);
            }
            int last = FIRST - 1;
            for (Map.Entry<Integer, Integer> one : high.entrySet()) {
                int number = one.getKey();
                int _ = (int) DUPLICATE.invokeExact(actions, (int) one.getValue(), number);
                last = Math.max(last, number);
            }
            closeAfter(last, actions);
            MemorySegment pid = arena.allocate(Integer.BYTES, Integer.BYTES);
            int failed =
                    (int)
                            SPAWN.invokeExact(
                                    pid,
                                    arena.allocateFrom(command.getFirst()),
                                    actions,
                                    attributes,
                                    strings(arena, command),
                                    strings(arena, environment));
            int _ = (int) ACTIONS_DESTROY.invokeExact(actions);
            if (failed != 0) {
                throw new IOException(command.getFirst() + " cannot be run: error " + failed);
            }
            return pid.get(JAVA_INT, 0);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            high.values().forEach(Spawn::close);
        }
    }

    /**
     * Duplicates a descriptor; no program that is started has the other one.
     *
     * @throws IOException if there are too many
     */
    static int duplicate(int descriptor) throws IOException {
        try {
            int result = (int) FCNTL.invokeExact(descriptor, F_DUPFD_CLOEXEC, ASIDE);
            if (result < 0) {
                throw new IOException("descriptor " + descriptor + " cannot be duplicated");
            }
            return result;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static void close(int descriptor) {
        try {
            int _ = (int) CLOSE_NOW.invokeExact(descriptor);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void setAside(Arena arena, MemorySegment actions, MemorySegment attributes)
            throws Throwable {
        int _ = (int) FLAGS.invokeExact(attributes, SETSID);
        MemorySegment nothing = arena.allocateFrom("/dev/null");
        for (int standard = 0; standard < FIRST; standard++) {
            int _ = (int) OPEN.invokeExact(actions, standard, nothing, 2, 0);
        }
    }

    private static void closeAfter(int last, MemorySegment actions) throws Throwable {
        if (CLOSE_FROM.isPresent()) {
            int _ = (int) CLOSE_FROM.get().invokeExact(actions, last + 1);
            return;
        }
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : all.toList()) {
                int number = Integer.parseInt(each.getFileName().toString());
                if (number > last) {
                    int _ = (int) CLOSE.invokeExact(actions, number);
                }
            }
        }
    }

    private static MemorySegment strings(Arena arena, List<String> all) {
        MemorySegment array = arena.allocate(ADDRESS, all.size() + 1L);
        for (int i = 0; i < all.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(all.get(i)));
        }
        return array;
    }

    /**
     * Waits until a program that this process started ends.
     *
     * @return its exit status; -1 if it was killed, or is not of this process
     */
    public static int await(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(Integer.BYTES, Integer.BYTES);
            int ended = (int) WAIT.invokeExact(pid, status, 0);
            int how = status.get(JAVA_INT, 0);
            return ended < 0 || (how & 0x7F) != 0 ? -1 : how >> EXIT_SHIFT & BYTE;
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}

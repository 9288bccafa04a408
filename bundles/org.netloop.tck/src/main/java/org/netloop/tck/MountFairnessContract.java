package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Obligations of a {@link Frontend} that shows volumes as files, towards the other files and the
 * readers of one whose reads wait; needs root.
 */
@Timeout(120)
public abstract class MountFairnessContract {
    private static final int BLOCK = 256 << 10;
    private static final int BLOCKS = 400;
    private static final int READERS = 300;
    private static final Duration LONG = Duration.ofSeconds(100);
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    @TempDir private Path directory;

    /** Threads of mounts of other tests may still be on their way out. */
    private final Set<Thread> others = Thread.getAllStackTraces().keySet();

    private final MemoryVolume hanging = volume("hanging");
    private final MemoryVolume good = volume("good");
    private Path hangingFile = Path.of("");
    private Path goodFile = Path.of("");

    /** Returns the frontend under test, the same for all of one test. */
    protected abstract Frontend frontend();

    /** Stops the frontend under test, as if all of its framework did. */
    protected abstract void stop();

    /** Returns what the names of its threads begin with. */
    protected abstract String threadNames();

    private static MemoryVolume volume(String name) {
        return MemoryVolume.generated(
                name, (long) BLOCKS * BLOCK, BLOCK, block -> block >= 2 && block < 5);
    }

    @BeforeEach
    void attachBoth() throws IOException {
        hangingFile = attach(hanging);
        goodFile = attach(good);
    }

    private Path attach(MemoryVolume volume) throws IOException {
        Path place = directory.resolve("mount");
        Attachment attachment =
                frontend().attach(volume, new AttachmentSpec(place.toString(), Map.of()));
        return Path.of(attachment.address());
    }

    @AfterEach
    void detachBoth() {
        stop();
    }

    private static byte[] read(Path file, long offset, int length) throws IOException {
        try (RandomAccessFile from = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[length];
            from.seek(offset);
            from.readFully(bytes);
            return bytes;
        }
    }

    @Test
    void aFileWhoseReadsWaitDoesNotDelayAnother() throws Exception {
        CountDownLatch reading = new CountDownLatch(READERS);
        List<Future<byte[]>> waiting = new ArrayList<>();
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS);
                MemoryVolume.Trap trap = hanging.hold(0, hanging.size(), LONG)) {
            for (int i = 0; i < READERS; i++) {
                long offset = (long) i * BLOCK;
                Callable<byte[]> reader =
                        () -> {
                            reading.countDown();
                            return read(hangingFile, offset, 4096);
                        };
                waiting.add(readers.submit(reader));
            }
            assertThat(reading.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(trap.awaitRead(Duration.ofSeconds(60))).isTrue();

            good.setAbsent(true);
            for (int i = 0; i < BLOCKS; i += 7) {
                long offset = (long) i * BLOCK;
                assertThat(read(goodFile, offset, 4096)).isEqualTo(good.expected(offset, 4096));
            }
            assertThat(waiting).noneMatch(Future::isDone);
            assertThat(threads()).isLessThanOrEqualTo(10);
        }
        for (int i = 0; i < READERS; i++) {
            assertThat(waiting.get(i).get()).isEqualTo(hanging.expected((long) i * BLOCK, 4096));
        }
    }

    private long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(threadNames()))
                .filter(thread -> !others.contains(thread))
                .count();
    }

    /** The kernel lets a killed reader go only when its read is answered. */
    @Test
    void aReaderThatIsKilledIsLetGo() throws Exception {
        try (MemoryVolume.Trap trap = hanging.hold(0, hanging.size(), LONG)) {
            Process reader =
                    new ProcessBuilder(
                                    "dd",
                                    "if=" + hangingFile,
                                    "of=/dev/null",
                                    "bs=4k",
                                    "count=1",
                                    "iflag=direct")
                            .redirectErrorStream(true)
                            .start();
            assertThat(trap.awaitRead(Duration.ofSeconds(60))).isTrue();
            reader.destroyForcibly();
            assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void holesAreTold() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle open =
                linker.downcallHandle(
                        linker.defaultLookup().find("open").orElseThrow(),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        MethodHandle lseek =
                linker.downcallHandle(
                        linker.defaultLookup().find("lseek").orElseThrow(),
                        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
        MethodHandle close =
                linker.downcallHandle(
                        linker.defaultLookup().find("close").orElseThrow(),
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int file = (int) open.invoke(arena.allocateFrom(goodFile.toString()), 0);
            assertThat(file).isNotNegative();
            assertThat((long) lseek.invoke(file, 0L, SEEK_HOLE)).isEqualTo(2L * BLOCK);
            assertThat((long) lseek.invoke(file, 2L * BLOCK, SEEK_DATA)).isEqualTo(5L * BLOCK);
            assertThat((long) lseek.invoke(file, 5L * BLOCK, SEEK_HOLE)).isEqualTo(good.size());
            assertThat((int) close.invoke(file)).isZero();
        }
    }
}

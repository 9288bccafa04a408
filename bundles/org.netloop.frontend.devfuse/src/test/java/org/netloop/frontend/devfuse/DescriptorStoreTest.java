package org.netloop.frontend.devfuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.mount.MountTable;
import org.netloop.api.mount.Tool;
import org.netloop.tck.Machine;
import org.netloop.tck.MemoryVolume;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Tests mounts whose descriptor a service manager keeps; a program of the test stands for it. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescriptorStoreTest {
    @TempDir Path directory;

    private Process manager;
    private BufferedReader told;

    @BeforeEach
    void aManagerRunsTheServer() throws Exception {
        Machine.needsDevFuse();
        Machine.needsProgram("python3");
        Path program =
                Path.of(Objects.requireNonNull(getClass().getResource("/manager.py")).toURI());
        List<String> command = new ArrayList<>(List.of("python3", program.toString()));
        command.addAll(ServingProcess.command(place(), true));
        manager =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        told = manager.inputReader();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (manager != null) {
            manager.destroy();
            manager.waitFor();
        }
        if (MountTable.read().at(place()) != null) {
            Tool.unmountFuse(place(), true);
        }
    }

    private Path place() {
        return directory.resolve("mount");
    }

    /** Returns the server's process number once it serves, with what was passed to it. */
    private long served(String passed) throws IOException {
        String[] started = told.readLine().split(" ");
        assertThat(started[0]).isEqualTo("started");
        assertThat(started[2]).matches(passed);
        String line = told.readLine();
        while (!line.equals("ready")) {
            assertThat(line).matches("stored netloop-fuse-0-[0-9]+-ro-own");
            line = told.readLine();
        }
        return Long.parseLong(started[1]);
    }

    @Test
    void theNextProcessGoesOnWithWhatTheManagerKept() throws Exception {
        long first = served("-");
        try (RandomAccessFile file =
                new RandomAccessFile(place().resolve("root.img").toFile(), "r")) {
            assertThat(read(file)).isEqualTo(expected());
            for (int round = 0; round < 2; round++) {
                ProcessHandle.of(first).orElseThrow().destroyForcibly();
                dropCaches();
                assertThat(read(file)).isEqualTo(expected());
                first = served("netloop-fuse-0-[0-9]+-ro-own");
            }
            assertThat(Keeper.of(place())).as("no process holds it as well").isEmpty();

            manager.destroy();
            manager.waitFor();
            dropCaches();
            assertThatThrownBy(() -> read(file)).hasMessageContaining("not connected");
        }
    }

    @Test
    void anUnmountedOneIsDropped() throws Exception {
        served("-");
        Tool.unmountFuse(place(), true);
        assertThat(told.readLine()).startsWith("removed netloop-fuse-0-");
    }

    private static void dropCaches() throws IOException {
        Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "1");
    }

    private static byte[] read(RandomAccessFile file) throws IOException {
        byte[] bytes = new byte[ServingProcess.BLOCK];
        file.seek(0);
        file.readFully(bytes);
        return bytes;
    }

    private static byte[] expected() {
        MemoryVolume volume = ServingProcess.volume();
        return volume.expected(0, ServingProcess.BLOCK);
    }
}

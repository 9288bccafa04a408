package org.netloop.frontend.devfuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.mount.Tool;
import org.netloop.tck.Machine;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tests mounts that outlive the process that serves them, with processes that are killed. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SurvivalTest {
    private static final int BLOCK = ServingProcess.BLOCK;
    private static final Map<String, String> SURVIVE = Map.of("survive", "true");

    @TempDir Path directory;

    private final DevFuseFrontend frontend = new DevFuseFrontend();

    @BeforeAll
    static void theMachineHasFuse() {
        Machine.needsDevFuse();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        frontend.stop();
        assertThat(Files.readString(Path.of("/proc/self/mounts")))
                .doesNotContain(directory.toString());
    }

    private static MemoryVolume volume() {
        return ServingProcess.volume();
    }

    private static AttachmentSpec spec(Path place) {
        return new AttachmentSpec(place.toString(), SURVIVE);
    }

    private Path place() {
        return directory.resolve("mount");
    }

    private Process server() throws IOException {
        return server(true);
    }

    private Process server(boolean survive) throws IOException {
        Process process =
                new ProcessBuilder(ServingProcess.command(place(), survive))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        return process;
    }

    @Test
    void aReaderNoticesNothingWhenItsServerIsKilled() throws Exception {
        Process server = server();
        MemoryVolume volume = volume();
        AtomicBoolean enough = new AtomicBoolean();
        try (RandomAccessFile file =
                new RandomAccessFile(place().resolve("root.img").toFile(), "r")) {
            CompletableFuture<Integer> reads =
                    CompletableFuture.supplyAsync(() -> readAll(file, volume, enough));
            server.destroyForcibly().waitFor();
            Attachment attachment = frontend.attach(volume, spec(place()));
            while (volume.reads() < 5 && !reads.isDone()) {
                dropCaches();
            }
            enough.set(true);
            assertThat(reads.get(100, TimeUnit.SECONDS)).isPositive();
            assertThat(attachment.address()).endsWith("root.img");
        }
    }

    private static int readAll(RandomAccessFile file, MemoryVolume volume, AtomicBoolean enough) {
        int rounds = 0;
        try {
            while (!enough.get()) {
                for (int at = 0; at < volume.size(); at += BLOCK) {
                    byte[] bytes = new byte[BLOCK];
                    file.seek(at);
                    file.readFully(bytes);
                    assertThat(bytes).isEqualTo(volume.expected(at, BLOCK));
                }
                rounds++;
            }
        } catch (IOException e) {
            throw new AssertionError("a reader saw an error", e);
        }
        return rounds;
    }

    private static void dropCaches() throws IOException {
        Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "1");
    }

    @Test
    void whatIsServedIsNotTakenOver() throws Exception {
        Process server = server();
        assertThatThrownBy(() -> frontend.attach(volume(), spec(place())))
                .hasMessageContaining("is served by another process, " + server.pid());
        server.destroyForcibly().waitFor();
        frontend.attach(volume(), spec(place()));
    }

    @Test
    void whoWantsNoSuccessionGetsAFreshMount() throws Exception {
        server().destroyForcibly().waitFor();
        Attachment attachment =
                frontend.attach(volume(), new AttachmentSpec(place().toString(), Map.of()));
        assertThat(Files.size(Path.of(attachment.address()))).isEqualTo(40L * BLOCK);
        assertThat(Keeper.of(place())).isEmpty();
    }

    @Test
    void aMountThatNothingHoldsIsClearedThoughTheKernelKnowsItsAttributes() throws Exception {
        Process server = server(false);
        assertThat(Files.size(place().resolve("root.img"))).isEqualTo(40L * BLOCK);
        assertThat(Files.isDirectory(place())).isTrue();
        server.destroyForcibly().waitFor();
        Attachment attachment =
                frontend.attach(volume(), new AttachmentSpec(place().toString(), Map.of()));
        assertThat(Files.size(Path.of(attachment.address()))).isEqualTo(40L * BLOCK);
    }

    @Test
    void aDeliberateStopLeavesNoHolder() throws Exception {
        Attachment attachment = frontend.attach(volume(), spec(place()));
        long holder = holder();
        Path descriptors = Path.of("/proc/" + holder + "/fd");
        // While it starts, it reads its libraries.
        while (descriptors.toFile().list().length > 4) {
            Thread.onSpinWait();
        }
        assertThat(descriptors.toFile().list()).containsExactlyInAnyOrder("0", "1", "2", "3");
        attachment.close();
        assertThat(ProcessHandle.of(holder).filter(ProcessHandle::isAlive)).isEmpty();
    }

    private long holder() throws IOException {
        return ((Holder) Keeper.of(place()).orElseThrow()).pid();
    }

    @Test
    void oneSuccessorGoesOnWhoeverHasTheServersNumberNow() throws Exception {
        server().destroyForcibly().waitFor();
        Keeper one = Keeper.of(place()).orElseThrow();
        Keeper other = Keeper.of(place()).orElseThrow();
        one.seize();
        assertThatThrownBy(other::seize).hasMessageContaining("is served by another process");
        one.end();
        assertThat(Keeper.of(place())).isEmpty();
        Tool.unmountFuse(place(), true);
    }

    @Test
    void aHolderStaysWhereNoOtherCanBeHad() throws Exception {
        server().destroyForcibly().waitFor();
        Keeper held = Keeper.of(place()).orElseThrow();
        held.seize();
        // Nothing is mounted there, so no holder can say what it holds.
        Mount mount = Mount.resume(directory.resolve("elsewhere"), held);
        assertThat(held.isThere()).isTrue();
        Tool.unmountFuse(place(), true);
        mount.ended().get();
        assertThat(held.isThere()).isFalse();
    }

    @Test
    void nothingIsKeptOnceEverythingIsToStop() throws Exception {
        Attachment attachment = frontend.attach(volume(), spec(place()));
        long holder = holder();
        try (RandomAccessFile _ = new RandomAccessFile(attachment.address(), "r")) {
            frontend.stop();
            assertThat(ProcessHandle.of(holder).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    @Test
    void aClaimIsReadAsItWasWritten() {
        for (boolean writes : List.of(true, false)) {
            Claim claim = new Claim("0:57", new Mounting.Kind(!writes, writes));
            assertThat(Claim.parse(claim.text())).isEqualTo(claim);
        }
        for (String other :
                List.of(
                        "",
                        "netloop-fuse",
                        "netloop-fuse-0-57-ro-own-",
                        "netloop-fuse-0-x-rw-own")) {
            assertThat(Claim.parse(other)).isNull();
        }
    }
}

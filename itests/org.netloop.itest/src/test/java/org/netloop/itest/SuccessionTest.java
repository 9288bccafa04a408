package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One process after the other serves a deployment, under readers that compare every byte. */
final class SuccessionTest extends RuntimeTest {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final Pattern STANDS_BY = Pattern.compile("process (\\d+) stands by\\R");
    private static final Pattern SERVES = Pattern.compile("process (\\d+) serves 2 attachments");
    private static final int SOME = 20;
    private static final int MEBI = 8;

    /** Processes that are no children of this one, which the base class therefore does not end. */
    private final List<ProcessHandle> others = new ArrayList<>();

    private Path image = Path.of("");

    @BeforeEach
    void configure() throws IOException, InterruptedException {
        Machine.needsDevFuse();
        image = Images.random(MEBI);
        String configuration =
                """
                {
                  "org.netloop.volume~root": {"name": "root", "reference": "REF"},
                  "org.netloop.attachment~fuse": {"volume": "root", "frontend": "devfuse",
                    "place": "AT/mnt", "options": ["survive=true"]},
                  "org.netloop.attachment~nbd":
                    {"volume": "root", "frontend": "nbd", "place": "unix:AT/nbd.sock"},
                  "org.netloop.cache.disk": {"directory": "AT/cache", "budget.mib": 100}
                }
                """
                        .replace("REF", repository(image).toUri().toString())
                        .replace("AT", at("").toString().replaceFirst("/$", ""));
        Files.writeString(directory("conf").resolve("root.json"), configuration);
    }

    @AfterEach
    void endOthers() {
        others.forEach(ProcessHandle::destroyForcibly);
    }

    private Program deployment(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--state", at("state").toString(), at("conf").toString()));
        Program deployment = netloop(arguments.toArray(String[]::new));
        awaitLog(deployment, "2 of 2 attachments are there");
        return deployment;
    }

    /** The log of all processes is that of the first. */
    private static void awaitLog(Program first, String text) throws IOException {
        Await.until("the log says " + text, LONG, () -> first.err().contains(text));
    }

    private ProcessHandle process(Matcher found) {
        ProcessHandle process = ProcessHandle.of(Long.parseLong(found.group(1))).orElseThrow();
        others.add(process);
        return process;
    }

    /** Waits for a process that stands by, and is none of those before. */
    private ProcessHandle awaitStandby(Program first) throws IOException {
        int before = others.size();
        Await.until(
                "a process stands by",
                LONG,
                () -> STANDS_BY.matcher(first.err()).results().count() > before);
        Matcher found = STANDS_BY.matcher(first.err());
        for (int i = 0; i <= before; i++) {
            assertThat(found.find()).isTrue();
        }
        return process(found);
    }

    private Program.Ended upgrade(String within, Path home)
            throws IOException, InterruptedException {
        return netloop(
                        "upgrade",
                        "--state",
                        at("state").toString(),
                        "--within",
                        within,
                        home.toString())
                .end();
    }

    private static void end(ProcessHandle process) throws IOException {
        process.destroy();
        awaitEnd(process);
    }

    private static void awaitEnd(ProcessHandle process) throws IOException {
        // One that nobody waits for keeps its number, and has no program any more.
        Await.until(process + " ends", LONG, () -> process.info().command().isEmpty());
    }

    /** Both go on reading, and neither has seen an error. */
    private static void assertBothRead(MountReader mount, NbdReader nbd) throws IOException {
        long mounts = mount.reads();
        long nbds = nbd.reads();
        Await.until(
                "both readers go on",
                LONG,
                () -> {
                    assertThat(mount.fault()).isNull();
                    assertThat(nbd.fault()).isNull();
                    return mount.reads() > mounts + SOME && nbd.reads() > nbds + SOME;
                });
    }

    @Test
    void anUpgradeIsSeenByNoReaderAndOneThatFailsChangesNothing()
            throws IOException, InterruptedException {
        Program old = deployment();
        Path hangs = directory("hangs/bin").resolve("netloop");
        Files.writeString(hangs, "#!/bin/sh\nexec sleep 600\n");
        Files.setPosixFilePermissions(hangs, PosixFilePermissions.fromString("rwx------"));
        try (MountReader mount = new MountReader(at("mnt/root.img"), image);
                NbdReader nbd = new NbdReader(at("nbd.sock"), "root", image, 1)) {
            assertBothRead(mount, nbd);
            Program.Ended failed = upgrade("1", at("hangs"));
            assertThat(failed.exit()).isNotZero();
            assertThat(failed.err()).contains("this process goes on");
            assertBothRead(mount, nbd);

            Matcher serves = SERVES.matcher(upgrade("60", runtime()).well().out());
            assertThat(serves.find()).isTrue();
            ProcessHandle next = process(serves);
            assertThat(old.end().exit()).isZero();
            assertBothRead(mount, nbd);
            assertThat(next.isAlive()).isTrue();
        }
        end(others.getFirst());
        assertThat(mounts()).isEmpty();
        assertThat(at("nbd.sock")).doesNotExist();
    }

    @Test
    void aProcessThatIsKilledIsFollowedByTheOneThatStoodBy()
            throws IOException, InterruptedException {
        Program first = deployment("--standby");
        try (MountReader mount = new MountReader(at("mnt/root.img"), image);
                NbdReader nbd = new NbdReader(at("nbd.sock"), "root", image, 1)) {
            // One that is killed itself is followed by another one.
            awaitStandby(first).destroyForcibly();
            ProcessHandle second = awaitStandby(first);
            assertBothRead(mount, nbd);

            ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
            awaitLog(first, "this one goes on");
            assertBothRead(mount, nbd);
            ProcessHandle third = awaitStandby(first);

            netloop("status", "--state", at("state").toString()).end().well();
            assertThat(second.isAlive()).isTrue();
            assertThat(third.isAlive()).isTrue();
        }
        end(others.get(1));
        awaitEnd(others.getLast());
        assertThat(mounts()).isEmpty();
        assertThat(at("nbd.sock")).doesNotExist();
    }
}

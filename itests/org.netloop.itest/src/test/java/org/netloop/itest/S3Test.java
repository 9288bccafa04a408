package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Images in a bucket of a real S3 server. */
final class S3Test extends RuntimeTest {
    private static final Path NULL = Path.of("/dev/null");
    private static final String REPOSITORY = "s3://images/root";
    private static final Predicate<String> DIGEST =
            Pattern.compile("[0-9a-f]{64}").asMatchPredicate();
    private static final String WRONG_SECRET = "sesame-that-is-wrong";

    private S3Server server;

    @BeforeEach
    void startServer() throws IOException {
        server = S3Server.start(directory("s3proxy"));
    }

    @AfterEach
    void stopServer() {
        server.kill();
    }

    private Map<String, String> environment(String key, String secret) {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_ACCESS_KEY_ID", key);
        environment.put("AWS_SECRET_ACCESS_KEY", secret);
        environment.put("AWS_ENDPOINT_URL_S3", server.endpoint());
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        return environment;
    }

    /** Starts {@code netloop} with the right keys. */
    private Program s3(String... arguments) throws IOException {
        return netloop(environment(S3Server.KEY, S3Server.SECRET), NULL, arguments);
    }

    private String packed(Path image) throws IOException, InterruptedException {
        return digest(s3("pack", "--json", image.toString(), REPOSITORY).end());
    }

    /** Returns the blocks of the bucket with their times, without those that are being uploaded. */
    private Map<String, FileTime> blocks() throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        for (Path file : server.files("root/blocks")) {
            // The server writes an object aside, under its name and a UUID, and renames it at its
            // end.
            String name = file.getFileName().toString();
            if (DIGEST.test(name)) {
                times.put(name, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void anImageInABucketIsListedVerifiedAndReadByQemu() throws IOException, InterruptedException {
        Path image = Images.small();
        String digest = packed(image);
        assertThat(s3("ls", REPOSITORY).end().well().out()).contains("stable", digest);
        assertThat(s3("inspect", REPOSITORY).end().well().out()).contains(digest);
        s3("verify", REPOSITORY).end().well();
        Program cat = s3("cat", "--no-cache", "--offset", "1080", "--length", "2", REPOSITORY);
        cat.end().well();
        assertThat(cat.bytes()).as("the magic of ext4").containsExactly(0x53, 0xef);
        Path socket = at("socket");
        s3("serve", "--name", "root", "--no-cache", "--nbd", "unix:" + socket, REPOSITORY)
                .awaitOutput("root is at");
        String remote =
                "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"nbd\",\"export\":\"root\","
                        + "\"server\":{\"type\":\"unix\",\"path\":\""
                        + socket
                        + "\"}}}";
        assertThat(run("qemu-img", "compare", image.toString(), remote).out())
                .contains("identical");
    }

    @Test
    void whatIsThereIsNotSentAgainWhoeverPacks() throws IOException, InterruptedException {
        Path image = Images.random(16);
        packed(image);
        Map<String, FileTime> before = blocks();
        String lost = before.keySet().iterator().next();
        try (Stream<Path> all = Files.walk(server.bucket())) {
            Files.delete(all.filter(file -> file.endsWith(lost)).findFirst().orElseThrow());
        }
        // Another publisher: nothing is remembered of the first time.
        Map<String, String> environment = environment(S3Server.KEY, S3Server.SECRET);
        environment.put("XDG_STATE_HOME", directory("another").toString());
        netloop(environment, NULL, "pack", image.toString(), REPOSITORY).end().well();
        Map<String, FileTime> after = blocks();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.remove(lost);
        assertThat(before).containsAllEntriesOf(after);
    }

    @Test
    void aPackThatDiedIsResumedAndShowsNothingBefore() throws IOException, InterruptedException {
        Path image = Images.random(256);
        Program first = s3("pack", image.toString(), REPOSITORY);
        Await.until(
                "some blocks are there",
                Duration.ofSeconds(120),
                () -> server.count("root/blocks") > 20);
        first.kill();
        assertThat(server.count("root/channels")).isZero();
        assertThat(server.count("root/images")).isZero();
        Map<String, FileTime> before = blocks();
        packed(image);
        assertThat(blocks()).containsAllEntriesOf(before).hasSizeGreaterThan(before.size());
        s3("verify", REPOSITORY).end().well();
    }

    private static void assertFails(Program program, String... message)
            throws IOException, InterruptedException {
        Program.Ended ended = program.end();
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains(message);
    }

    @Test
    void whoHasAWrongSecretIsToldSo() throws IOException, InterruptedException {
        packed(Images.random(4));
        Map<String, String> wrong = environment(S3Server.KEY, WRONG_SECRET);
        for (String command : List.of("ls", "inspect", "verify")) {
            assertFails(
                    netloop(wrong, NULL, command, REPOSITORY),
                    "SignatureDoesNotMatch",
                    "secret key is wrong");
        }
        assertFails(
                netloop(wrong, NULL, "pack", Images.random(4).toString(), REPOSITORY),
                "secret key is wrong");
    }

    @Test
    void whoHasAnUnknownKeyOrNoBucketIsToldSo() throws IOException, InterruptedException {
        Map<String, String> unknown = environment("AKIAOFNOBODY", WRONG_SECRET);
        String image = Images.random(4).toString();
        assertFails(
                netloop(unknown, NULL, "pack", image, REPOSITORY),
                "the access key is not known there");
        assertFails(
                s3("pack", image, "s3://no-such-bucket/root"), "there is no bucket no-such-bucket");
        assertFails(s3("inspect", "s3://no-such-bucket/root"), "no bucket no-such-bucket");
    }

    @Test
    void keysAreInNoLogNoStatusAndNoListOfProcesses() throws IOException, InterruptedException {
        packed(Images.small());
        Map<String, String> environment = environment(S3Server.KEY, S3Server.SECRET);
        environment.put("NETLOOP_LOG", "trace");
        environment.put("AWS_SESSION_TOKEN", "a-token-of-nobody");
        Path directory = at("mnt");
        Program mount =
                netloop(
                                environment,
                                NULL,
                                "mount",
                                "--name",
                                "root",
                                "--no-cache",
                                REPOSITORY,
                                directory.toString())
                        .awaitOutput("root is at");
        run("cmp", Images.small().toString(), directory.resolve("root.img").toString());
        String status = Files.readString(directory.resolve("root.status"));
        String commandLines = commandLines(mount.pid());
        mount.terminate();
        Program.Ended ended = mount.end();
        environment.put("AWS_SECRET_ACCESS_KEY", WRONG_SECRET);
        Program.Ended wrong = netloop(environment, NULL, "inspect", REPOSITORY).end();
        assertThat(status).contains(REPOSITORY);
        assertThat(commandLines).contains(REPOSITORY);
        assertThat(wrong.err()).contains("SignatureDoesNotMatch", "DEBUG");
        assertHoldsNoKey("the status", status);
        assertHoldsNoKey("the list of processes", commandLines);
        assertHoldsNoKey("what a mount prints", ended.out() + ended.err());
        assertHoldsNoKey("what a refused command prints", wrong.out() + wrong.err());
    }

    /** Returns the command lines, visible to every user, of a process and of those it started. */
    private static String commandLines(long pid) throws IOException {
        StringBuilder all = new StringBuilder();
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        for (ProcessHandle one :
                Stream.concat(Stream.of(process), process.descendants()).toList()) {
            all.append(Files.readString(Path.of("/proc/" + one.pid() + "/cmdline"))).append('\n');
        }
        return all.toString();
    }

    private static void assertHoldsNoKey(String what, String text) {
        assertThat(text)
                .as(what)
                .doesNotContain(
                        S3Server.KEY,
                        S3Server.SECRET,
                        WRONG_SECRET,
                        "a-token-of-nobody",
                        "Signature=");
    }

    @Test
    void withoutTheTransportItsFeatureIsNamed() throws IOException, InterruptedException {
        Map<String, String> environment = environment(S3Server.KEY, S3Server.SECRET);
        environment.put("NETLOOP_FEATURES", "publisher,fuse-client");
        for (String[] command :
                new String[][] {
                    {"ls", REPOSITORY},
                    {"inspect", REPOSITORY},
                    {"pack", Images.random(4).toString(), REPOSITORY}
                }) {
            Program.Ended ended = netloop(environment, NULL, command).end();
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.err()).contains("install the feature transport-s3");
        }
        environment.put("NETLOOP_FEATURES", "publisher,fuse-client,transport-s3");
        netloop(environment, NULL, "pack", Images.random(4).toString(), REPOSITORY).end().well();
    }
}

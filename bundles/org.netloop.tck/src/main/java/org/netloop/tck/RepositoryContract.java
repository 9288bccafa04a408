package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.ObjectWriter;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Entry;
import org.netloop.api.transport.Repository.Kind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Obligations of every {@link Repository}. */
public abstract class RepositoryContract {
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private Repository repository;

    /** Returns an empty repository. */
    protected abstract Repository open() throws IOException;

    /** Created by JUnit. */
    @SuppressWarnings("NullAway.Init")
    protected RepositoryContract() {}

    @BeforeEach
    void openRepository() throws IOException {
        repository = open();
    }

    @AfterEach
    void closeRepository() throws IOException {
        repository.close();
    }

    private void put(String path, String text) throws IOException {
        repository.put(path, ByteBuffer.wrap(text.getBytes(UTF_8)), Kind.BLOCK);
    }

    private String read(String path) throws IOException {
        return UTF_8.decode(repository.read(path, 1 << 20)).toString();
    }

    @Test
    void whatIsPutIsThere() throws IOException {
        put("blocks/ab/abcd", "some bytes");
        assertThat(repository.length("blocks/ab/abcd")).hasValue(10);
        assertThat(read("blocks/ab/abcd")).isEqualTo("some bytes");
    }

    @Test
    void whatIsPutAgainIsReplaced() throws IOException {
        repository.put("channels/stable.json", ByteBuffer.wrap(new byte[100]), Kind.POINTER);
        repository.put(
                "channels/stable.json", ByteBuffer.wrap("new".getBytes(UTF_8)), Kind.POINTER);
        assertThat(read("channels/stable.json")).isEqualTo("new");
    }

    @Test
    void whatIsNamedByItsContentSaysWhetherItWasThere() throws IOException {
        byte[] bytes = "some content".getBytes(UTF_8);
        assertThat(repository.putOnce("blocks/ab/abcd", ByteBuffer.wrap(bytes), Kind.BLOCK))
                .isFalse();
        assertThat(repository.putOnce("blocks/ab/abcd", ByteBuffer.wrap(bytes), Kind.BLOCK))
                .isTrue();
        assertThat(read("blocks/ab/abcd")).isEqualTo("some content");
        put("blocks/cd/cdef", "torn");
        assertThat(repository.putOnce("blocks/cd/cdef", ByteBuffer.wrap(bytes), Kind.BLOCK))
                .isFalse();
        assertThat(read("blocks/cd/cdef")).isEqualTo("some content");
    }

    @Test
    void whatWasNeverPutIsMissing() throws IOException {
        assertThat(repository.length("blocks/no")).isEmpty();
        assertThatThrownBy(() -> repository.read("blocks/no", 10))
                .isInstanceOf(FetchException.Missing.class);
        repository.delete("blocks/no");
    }

    @Test
    void anObjectLongerThanAllowedIsNotRead() throws IOException {
        put("a", "12345");
        assertThat(read("a")).hasSize(5);
        assertThatThrownBy(() -> repository.read("a", 4))
                .isInstanceOf(FetchException.Corrupt.class);
    }

    @Test
    void onlyTheRemainingBytesArePut() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(100).position(10).limit(14);
        repository.put("part", bytes, Kind.BLOCK);
        assertThat(repository.length("part")).hasValue(4);
    }

    @Test
    void objectsAreListedByPrefix() throws IOException {
        for (String path :
                List.of("images/a.json", "images/b.json", "imagesque", "channels/x.json")) {
            put(path, path);
        }
        try (Stream<Repository.Entry> entries = repository.list("images/")) {
            assertThat(entries)
                    .allMatch(entry -> entry.length() == 13)
                    .extracting(Entry::path)
                    .containsExactlyInAnyOrder("images/a.json", "images/b.json");
        }
        try (Stream<Repository.Entry> all = repository.list("")) {
            assertThat(all).hasSize(4);
        }
        try (Stream<Repository.Entry> none = repository.list("nothing/")) {
            assertThat(none).isEmpty();
        }
    }

    /** Clocks of servers are some seconds off, and file systems count in seconds at worst. */
    @Test
    void aListingTellsWhenAnObjectWasPut() throws IOException {
        Instant before = Instant.now().minus(CLOCKS_DIFFER);
        put("blocks/ab/abcd", "some bytes");
        try (Stream<Entry> entries = repository.list("blocks/")) {
            assertThat(entries)
                    .singleElement()
                    .satisfies(
                            entry ->
                                    assertThat(entry.modified())
                                            .isBetween(before, Instant.now().plus(CLOCKS_DIFFER)));
        }
    }

    @Test
    void otherBytesOfEqualLengthAreNotTakenForAnObject() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap("some content".getBytes(UTF_8));
        put("blocks/ab/abcd", "SOME content");
        assertThat(repository.putOnce("blocks/ab/abcd", bytes.duplicate(), Kind.BLOCK)).isFalse();
        assertThat(read("blocks/ab/abcd")).isEqualTo("some content");
    }

    @Test
    void anObjectIsHeldOnlyWithTheBytesOfItsDigest() throws IOException {
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            ByteBuffer bytes = ByteBuffer.wrap(("content " + algorithm.id()).getBytes(UTF_8));
            int length = bytes.remaining();
            String path = "blocks/" + algorithm.id();
            Digest digest = Digest.of(algorithm, bytes);
            assertThat(repository.holds(path, digest, length)).isFalse();
            repository.put(path, bytes.duplicate(), Kind.BLOCK);
            assertThat(repository.holds(path, digest, length)).isTrue();
            assertThat(repository.holds(path, digest, length + 1)).isFalse();
            repository.put(path, ByteBuffer.wrap(new byte[length]), Kind.BLOCK);
            assertThat(repository.holds(path, digest, length)).isFalse();
        }
    }

    @Test
    void whichObjectsAreMissingIsTold() throws IOException {
        List<String> there = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String path = "blocks/" + "ab".charAt(i % 2) + "/" + i;
            if (i % 7 == 3) {
                absent.add(path);
            } else {
                put(path, path);
                there.add(path);
            }
        }
        absent.add("elsewhere/x");
        absent.add("y");
        put("blocks/a/100", "not asked for");
        assertThat(repository.missing(List.of())).isEmpty();
        assertThat(repository.missing(there)).isEmpty();
        List<String> all = new ArrayList<>(there);
        all.addAll(absent);
        assertThat(repository.missing(all)).containsExactlyInAnyOrderElementsOf(absent);
    }

    @Test
    void whatIsDeletedIsGone() throws IOException {
        put("x/y", "z");
        repository.delete("x/y");
        assertThat(repository.length("x/y")).isEmpty();
    }

    @Test
    void pathsThatLeadElsewhereAreRefused() {
        for (String path : List.of("", "../x", "a/../../x", "/etc/passwd", "a/./b")) {
            assertThatThrownBy(() -> put(path, "x"))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsWrittenInPiecesIsThereWhenItIsFinished() throws IOException {
        put("long/object", "old");
        try (ObjectWriter writer = repository.write("long/object")) {
            writer.write(ByteBuffer.wrap("pie".getBytes(UTF_8)));
            writer.write(ByteBuffer.wrap("ces".getBytes(UTF_8)));
            assertThat(read("long/object")).isEqualTo("old");
            writer.finish();
        } catch (FetchException.Unsupported _) {
            return; // whole objects only
        }
        assertThat(read("long/object")).isEqualTo("pieces");
        try (ObjectWriter writer = repository.write("long/other")) {
            writer.write(ByteBuffer.wrap("given up".getBytes(UTF_8)));
        }
        assertThat(repository.length("long/other")).isEmpty();
        try (Stream<Entry> all = repository.list("long/")) {
            assertThat(all.map(Entry::path)).containsExactly("long/object");
        }
    }

    @Test
    void syncReturnsWithAndWithoutAnythingPut() throws IOException {
        repository.sync();
        put("a", "b");
        repository.sync();
        assertThat(read("a")).isEqualTo("b");
    }

    @Test
    void whoReadsWhileOthersPutSeesOneOfTheWholes() throws Exception {
        byte[][] wholes = new byte[4][];
        for (int i = 0; i < wholes.length; i++) {
            wholes[i] = new byte[50_000];
            Arrays.fill(wholes[i], (byte) ('a' + i));
        }
        repository.put("hot", ByteBuffer.wrap(wholes[0]), Kind.BLOCK);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers =
                    IntStream.range(0, wholes.length)
                            .<Future<?>>mapToObj(
                                    i ->
                                            threads.submit(
                                                    () -> {
                                                        for (int round = 0; round < 50; round++) {
                                                            repository.put(
                                                                    "hot",
                                                                    ByteBuffer.wrap(wholes[i]),
                                                                    Kind.BLOCK);
                                                        }
                                                        return null;
                                                    }))
                            .toList();
            for (int round = 0; round < 100; round++) {
                byte[] seen = new byte[50_000];
                repository.read("hot", 50_000).get(seen);
                assertThat(List.of(wholes)).anyMatch(whole -> Arrays.equals(whole, seen));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
    }
}

package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Tests the contents of a journal. */
class JournalTest {
    private static final DigestAlgorithm SHA512 = DigestAlgorithm.SHA512;
    private static final int RECORD_LENGTH = KnownBlock.recordLength(SHA512) + 4;

    @TempDir Path directory;

    private static Digest digest(DigestAlgorithm algorithm, int number) {
        return Digest.of(algorithm, ByteBuffer.allocate(4).putInt(number).flip());
    }

    private static List<KnownBlock> blocks(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(
                        i ->
                                new KnownBlock(
                                        digest(DigestAlgorithm.SHA256, i),
                                        digest(SHA512, -i),
                                        1 + i,
                                        i % 2 == 0))
                .toList();
    }

    private Optional<Journal> open(int identity, int capacity, List<KnownBlock> known)
            throws IOException {
        return Journal.open(
                directory, SHA512, digest(DigestAlgorithm.SHA256, identity), capacity, known::add);
    }

    private List<KnownBlock> known(int identity, int capacity) throws IOException {
        List<KnownBlock> known = new ArrayList<>();
        open(identity, capacity, known).orElseThrow().close();
        return known;
    }

    private void append(List<KnownBlock> blocks) throws IOException {
        try (Journal journal = open(1, 100_000, new ArrayList<>()).orElseThrow()) {
            journal.append(blocks);
        }
    }

    private Path file() {
        return directory.resolve("known-blocks");
    }

    @Test
    void whatWasAppendedIsThereNextTime() throws Exception {
        append(blocks(0, 3000));
        append(blocks(3000, 3010));
        append(List.of());
        assertThat(known(1, 100_000)).isEqualTo(blocks(0, 3010));
    }

    @Test
    void aTornTailIsCutAndWrittenOver() throws Exception {
        append(blocks(0, 10));
        Files.write(file(), new byte[RECORD_LENGTH + 50], StandardOpenOption.APPEND);
        append(blocks(10, 20));
        assertThat(known(1, 100_000)).isEqualTo(blocks(0, 20));
        assertThat(Files.size(file())).isEqualTo(44 + 20 * RECORD_LENGTH);
    }

    @Test
    void aGarbledRecordIsDroppedAndThoseBehindItAreKept() throws Exception {
        append(blocks(0, 3000));
        byte[] bytes = Files.readAllBytes(file());
        bytes[44 + 5 * RECORD_LENGTH + 40] ^= 1;
        Files.write(file(), bytes);
        List<KnownBlock> expected = new ArrayList<>(blocks(0, 3000));
        expected.remove(5);
        assertThat(known(1, 100_000)).isEqualTo(expected);
        assertThat(known(1, 100_000)).isEqualTo(expected);
        assertThat(Files.size(file())).isEqualTo(44 + 2999 * RECORD_LENGTH);
    }

    @Test
    void ofMoreThanItMayHoldTheNewerHalfIsKept() throws Exception {
        append(blocks(0, 5000));
        assertThat(known(1, 4000)).isEqualTo(blocks(3000, 5000));
        assertThat(known(1, 4000)).isEqualTo(blocks(3000, 5000));
    }

    @Test
    void theJournalOfAnotherRepositoryIsBegunAnew() throws Exception {
        append(blocks(0, 10));
        assertThat(known(2, 100_000)).isEmpty();
        assertThat(known(1, 100_000)).isEmpty();
    }

    @Test
    void whatWasForgottenStaysForgotten() throws Exception {
        append(blocks(0, 10));
        try (Journal journal = open(1, 100_000, new ArrayList<>()).orElseThrow()) {
            journal.restart();
            journal.append(blocks(20, 22));
        }
        assertThat(known(1, 100_000)).isEqualTo(blocks(20, 22));
    }

    @Test
    void onlyOnePublisherHasItAtATime() throws Exception {
        try (Journal _ = open(1, 100_000, new ArrayList<>()).orElseThrow()) {
            assertThat(open(1, 100_000, new ArrayList<>())).isEmpty();
        }
        assertThat(open(1, 100_000, new ArrayList<>()).map(JournalTest::closed)).isPresent();
    }

    private static boolean closed(Journal journal) {
        try {
            journal.close();
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}

package org.netloop.control.recording;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.Profile.Entry;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

class ReadsTest {
    private static final Digest IMAGE = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(0));
    private static final int SPACE = 64;

    private static Profile profile(Entry... entries) {
        return new Profile(IMAGE, Profile.BOOT, Arrays.asList(entries), null);
    }

    @Test
    void whatWasReadBeforeIsNotReadAgainAndTimesGoOn() {
        Reads reads = new Reads();
        reads.add(profile(new Entry(10, 10, 1), new Entry(40, 10, 2)), 0);
        reads.add(profile(new Entry(0, 60, 5), new Entry(10, 5, 6)), 100);
        assertThat(reads.entries())
                .containsExactly(
                        new Entry(10, 10, 1),
                        new Entry(40, 10, 2),
                        new Entry(0, 10, 105),
                        new Entry(20, 20, 105),
                        new Entry(50, 10, 105));
    }

    @Test
    void aCopyDoesNotChangeWhatItIsACopyOf() {
        Reads reads = new Reads();
        reads.add(profile(new Entry(10, 10, 1)), 0);
        reads.copy().add(profile(new Entry(0, 60, 5)), 0);
        assertThat(reads.entries()).containsExactly(new Entry(10, 10, 1));
    }

    @Test
    void eachByteThatIsReadIsThereOnceWhateverTheRanges() {
        Random random = new Random(7);
        for (int round = 0; round < 10_000; round++) {
            Reads reads = new Reads();
            BitSet expected = new BitSet();
            for (int part = 0; part < 3; part++) {
                Entry[] entries = new Entry[random.nextInt(5)];
                for (int i = 0; i < entries.length; i++) {
                    int offset = random.nextInt(SPACE);
                    int length = 1 + random.nextInt(SPACE - offset);
                    entries[i] = new Entry(offset, length, i);
                    expected.set(offset, offset + length);
                }
                reads.add(profile(entries), part);
            }
            assertThat(once(reads.entries())).isEqualTo(expected);
        }
    }

    private static BitSet once(List<Entry> entries) {
        BitSet read = new BitSet();
        for (Entry entry : entries) {
            int begin = (int) entry.offset();
            int end = (int) entry.end();
            assertThat(read.get(begin, end).isEmpty()).isTrue();
            read.set(begin, end);
        }
        return read;
    }
}

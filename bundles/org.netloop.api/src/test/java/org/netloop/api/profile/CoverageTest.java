package org.netloop.api.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.profile.Profile.Entry;

import java.util.BitSet;
import java.util.List;
import java.util.Random;

class CoverageTest {
    private final Coverage coverage = new Coverage();

    private static Entry entry(long begin, long end) {
        return new Entry(begin, end - begin, 7);
    }

    @Test
    void whatWasReadIsTakenOutOfAnEntry() {
        coverage.cover(entry(10, 20));
        coverage.cover(entry(30, 40));
        assertThat(coverage.uncovered(entry(0, 10))).containsExactly(entry(0, 10));
        assertThat(coverage.uncovered(entry(5, 15))).containsExactly(entry(5, 10));
        assertThat(coverage.uncovered(entry(15, 25))).containsExactly(entry(20, 25));
        assertThat(coverage.uncovered(entry(0, 50)))
                .containsExactly(entry(0, 10), entry(20, 30), entry(40, 50));
        assertThat(coverage.uncovered(entry(12, 18))).isEmpty();
        assertThat(coverage.uncovered(entry(10, 20))).isEmpty();
    }

    @Test
    void aRangeIsTouchedByItsFirstAndItsLastByte() {
        Coverage some = Coverage.of(List.of(entry(30, 40), entry(10, 20)));
        assertThat(some.touches(0, 10)).isFalse();
        assertThat(some.touches(0, 11)).isTrue();
        assertThat(some.touches(19, 30)).isTrue();
        assertThat(some.touches(20, 30)).isFalse();
        assertThat(some.touches(40, 50)).isFalse();
        assertThat(some.touches(0, 50)).isTrue();
    }

    @Test
    void aCopyStaysAsItWas() {
        coverage.cover(entry(0, 10));
        Coverage copy = coverage.copy();
        coverage.cover(entry(10, 20));
        assertThat(copy.uncovered(entry(0, 20))).containsExactly(entry(10, 20));
        copy.cover(entry(30, 40));
        assertThat(coverage.uncovered(entry(30, 40))).containsExactly(entry(30, 40));
    }

    @Test
    void itAgreesWithASetOfBytes() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            Coverage some = new Coverage();
            BitSet bytes = new BitSet();
            for (int i = 0; i < 30; i++) {
                int begin = random.nextInt(60);
                Entry entry = entry(begin, begin + 1 + random.nextInt(6));
                BitSet left = new BitSet();
                left.set((int) entry.offset(), (int) entry.end());
                left.andNot(bytes);
                for (Entry part : some.uncovered(entry)) {
                    assertThat(left.get((int) part.offset(), (int) part.end()).cardinality())
                            .isEqualTo((int) part.length());
                    left.clear((int) part.offset(), (int) part.end());
                }
                assertThat(left.isEmpty()).isTrue();
                some.cover(entry);
                bytes.set((int) entry.offset(), (int) entry.end());
            }
        }
    }
}

package org.netloop.control.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.BlockState.Place;
import org.netloop.api.volume.Volume;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Maps of volumes whose blocks are made up. */
class SurveyTest {
    private static final int BLOCK = 1 << 18;
    private static final long TIB = 1L << 40;
    private static final Duration LONG = Duration.ofDays(1);

    private final AtomicLong looks = new AtomicLong();

    /** A volume that tells places, and is never read. */
    private final class Told implements Volume {
        private final long size;
        private final LongFunction<Place> places;

        Told(long size, LongFunction<Place> places) {
            this.size = size;
            this.places = places;
        }

        @Override
        public BlockState state(long offset) {
            looks.incrementAndGet();
            long block = offset / BLOCK;
            Place place = places.apply(block);
            return new BlockState(
                    place, place == Place.REMOTE, Math.min(size, (block + 1) * BLOCK));
        }

        @Override
        public String name() {
            return "told";
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public Digest identity() {
            return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        }

        @Override
        public int preferredLength() {
            return BLOCK;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            throw new AssertionError("a map reads nothing");
        }

        @Override
        public boolean readIfPresent(long offset, ByteBuffer into) {
            throw new AssertionError("a map reads nothing");
        }

        @Override
        public Extent extent(long offset, long length) {
            throw new AssertionError("a map may not fetch a part of the index");
        }
    }

    private Survey survey(Volume volume, long offset, long length, int cells) {
        Survey survey = new Survey(volume, offset, length, cells, System::nanoTime);
        survey.run(16384, LONG);
        return survey;
    }

    private static long share(Cell cell, Place place) {
        return cell.shares().get(place.ordinal() + 1);
    }

    @Test
    void aSmallVolumeIsToldExactly() {
        Told volume =
                new Told(
                        4L * BLOCK - 5,
                        block -> block < 2 ? Place.REMOTE : block == 2 ? Place.HOLE : Place.MEMORY);
        Survey survey = survey(volume, 0, volume.size(), 2);
        assertThat(survey.isSampled()).isFalse();
        assertThat(survey.isComplete()).isTrue();
        assertThat(survey.cells().getFirst().shares())
                .isEqualTo(List.of(0L, 0L, 0L, 1000L, 0L, 0L, 0L, 0L, 1000L));
        assertThat(share(survey.cells().get(1), Place.HOLE)).isEqualTo(500);
        assertThat(share(survey.cells().get(1), Place.MEMORY)).isEqualTo(500);
    }

    @Test
    void noCellIsSmallerThanABlock() {
        Survey survey = survey(new Told(5L * BLOCK, _ -> Place.HOLE), 0, 5L * BLOCK, 1024);
        assertThat(survey.cells())
                .extracting(Cell::from)
                .containsExactly(0L, 1L * BLOCK, 2L * BLOCK, 3L * BLOCK, 4L * BLOCK);
        assertThat(survey.cells().getLast().to()).isEqualTo(5L * BLOCK);
    }

    @Test
    void theLargestVolumeTakesNoMoreLooks() {
        Told volume = new Told(16 * TIB, block -> block < 10_000 ? Place.CACHED : Place.UNKNOWN);
        Survey survey = survey(volume, 0, volume.size(), 1024);
        assertThat(looks).hasValueLessThan(20_000);
        assertThat(survey.isSampled()).isTrue();
        assertThat(survey.cells()).hasSize(1024);
        assertThat(share(survey.cells().getFirst(), Place.CACHED)).isBetween(100L, 200L);
        assertThat(share(survey.cells().get(1), Place.UNKNOWN)).isEqualTo(1000);
    }

    @Test
    void aPartIsToldByItself() {
        Told volume = new Told(16 * TIB, block -> Place.values()[(int) (block % 2) + 1]);
        Survey survey = survey(volume, 8 * TIB, 10L * BLOCK, 10);
        assertThat(survey.isSampled()).isFalse();
        assertThat(survey.cells().getFirst().from()).isEqualTo(8 * TIB);
        assertThat(survey.cells()).allMatch(cell -> cell.shares().contains(1000L));
    }

    @Test
    void whatIsNotLookedAtInTimeIsEmpty() {
        AtomicLong now = new AtomicLong();
        Survey survey =
                new Survey(
                        new Told(TIB, _ -> Place.REMOTE),
                        0,
                        TIB,
                        100,
                        () -> now.addAndGet(Duration.ofMillis(10).toNanos()));
        survey.run(16384, Duration.ofMillis(300));
        assertThat(survey.isComplete()).isFalse();
        assertThat(share(survey.cells().getFirst(), Place.REMOTE)).isEqualTo(1000);
        assertThat(share(survey.cells().getLast(), Place.REMOTE)).isZero();
    }

    @Test
    void aRangeOutsideIsRefused() {
        Told volume = new Told(TIB, _ -> Place.HOLE);
        assertThatThrownBy(() -> survey(volume, TIB - 1, 2, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(survey(new Told(0, _ -> Place.HOLE), 0, 0, 80).cells()).isEmpty();
    }
}

package org.netloop.control.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.Profile.Entry;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Recording;
import org.netloop.api.volume.VolumeStatus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class LiveRecordingTest {
    private static final int BLOCK = 100;
    private static final long SIZE = 100 * BLOCK;

    private final LiveRecording recording = new LiveRecording("root", "work");

    /** Of an image of that name; notes what it is told to. */
    private static final class Noting implements ImageVolume, Recording {
        private final String image;
        private final List<Entry> entries = new ArrayList<>();
        private boolean recorded;

        private Noting(String image) {
            this.image = image;
        }

        private void reads(int... blocks) {
            for (int block : blocks) {
                entries.add(new Entry((long) block * BLOCK, BLOCK, 0));
            }
        }

        @Override
        public Recording record(String name) {
            recorded = true;
            return this;
        }

        @Override
        public int blocks() {
            return entries.size();
        }

        @Override
        public Profile profile() {
            return new Profile(image().digest(), "work", entries, null);
        }

        @Override
        public void close() {
            recorded = false;
        }

        @Override
        public String name() {
            return "root";
        }

        @Override
        public ImageInfo image() {
            Digest digest =
                    Digest.of(
                            DigestAlgorithm.SHA256,
                            ByteBuffer.wrap(image.getBytes(StandardCharsets.UTF_8)));
            return new ImageInfo(digest, "test", SIZE, BLOCK, "none", null, -1, Map.of());
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean readIfPresent(long offset, ByteBuffer into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Extent extent(long offset, long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Block verify(long offset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public VolumeStatus status() {
            throw new UnsupportedOperationException();
        }
    }

    private List<Long> blocks() {
        return recording.profile().entries().stream().map(e -> e.offset() / BLOCK).toList();
    }

    @Test
    void nothingIsRecordedBeforeThereIsAVolume() {
        assertThat(recording.isBegun()).isFalse();
        assertThatThrownBy(recording::profile).hasMessageContaining("volume root");
    }

    @Test
    void aSuccessorOfTheSameImageIsRecordedOn() {
        Noting first = new Noting("a");
        recording.came(first);
        first.reads(5, 2);
        assertThat(recording.blocks()).isEqualTo(2);
        Noting second = new Noting("a");
        recording.came(second);
        second.reads(2, 9);
        first.reads(7);
        recording.left(first);
        assertThat(first.recorded).isFalse();
        assertThat(blocks()).containsExactly(5L, 2L, 7L, 9L);
        assertThat(recording.blocks()).isEqualTo(4);
        assertThat(recording.over()).isEmpty();
        assertThat(recording.profile().name()).isEqualTo("work");
        recording.left(second);
        assertThat(blocks()).containsExactly(5L, 2L, 7L, 9L);
    }

    @Test
    void aVolumeThatIsAwayForAWhileIsRecordedOnWhenItIsBack() {
        Noting first = new Noting("a");
        recording.came(first);
        first.reads(5);
        recording.left(first);
        assertThat(blocks()).containsExactly(5L);
        Noting second = new Noting("a");
        recording.came(second);
        second.reads(6);
        assertThat(blocks()).containsExactly(5L, 6L);
    }

    @Test
    void anotherImageEndsItAndWhatWasReadIsKept() {
        Noting first = new Noting("a");
        recording.came(first);
        first.reads(5);
        Noting other = new Noting("b");
        recording.came(other);
        recording.left(first);
        assertThat(other.recorded).isFalse();
        assertThat(recording.over()).contains("volume root");
        assertThat(recording.over()).contains(other.image().digest().toString());
        assertThat(blocks()).containsExactly(5L);
        assertThat(recording.profile().image()).isEqualTo(first.image().digest());
        Noting again = new Noting("a");
        recording.came(again);
        assertThat(again.recorded).isFalse();
    }
}

package org.netloop.control.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class LiveRecordingTest {
    private final LiveRecording recording = new LiveRecording("root", "work");

    private List<Long> blocks() {
        return recording.profile().entries().stream()
                .map(e -> e.offset() / RecordedVolume.BLOCK)
                .toList();
    }

    @Test
    void nothingIsRecordedBeforeThereIsAVolume() {
        assertThat(recording.isBegun()).isFalse();
        assertThatThrownBy(recording::profile).hasMessageContaining("volume root");
    }

    @Test
    void aSuccessorOfTheSameImageIsRecordedOn() {
        RecordedVolume first = new RecordedVolume("a");
        recording.came(first);
        first.reads(5, 2);
        assertThat(recording.blocks()).isEqualTo(2);
        RecordedVolume second = new RecordedVolume("a");
        recording.came(second);
        second.reads(2, 9);
        first.reads(7);
        recording.left(first);
        assertThat(first.isRecorded()).isFalse();
        assertThat(blocks()).containsExactly(5L, 2L, 7L, 9L);
        assertThat(recording.blocks()).isEqualTo(4);
        assertThat(recording.over()).isEmpty();
        assertThat(recording.profile().name()).isEqualTo("work");
        recording.left(second);
        assertThat(blocks()).containsExactly(5L, 2L, 7L, 9L);
    }

    @Test
    void aVolumeThatIsAwayForAWhileIsRecordedOnWhenItIsBack() {
        RecordedVolume first = new RecordedVolume("a");
        recording.came(first);
        first.reads(5);
        recording.left(first);
        assertThat(blocks()).containsExactly(5L);
        RecordedVolume second = new RecordedVolume("a");
        recording.came(second);
        second.reads(6);
        assertThat(blocks()).containsExactly(5L, 6L);
    }

    @Test
    void anotherImageEndsItAndWhatWasReadIsKept() {
        RecordedVolume first = new RecordedVolume("a");
        recording.came(first);
        first.reads(5);
        RecordedVolume other = new RecordedVolume("b");
        recording.came(other);
        recording.left(first);
        assertThat(other.isRecorded()).isFalse();
        assertThat(recording.over()).contains("volume root");
        assertThat(recording.over()).contains(other.image().digest().toString());
        assertThat(blocks()).containsExactly(5L);
        assertThat(recording.profile().image()).isEqualTo(first.image().digest());
        RecordedVolume again = new RecordedVolume("a");
        recording.came(again);
        assertThat(again.isRecorded()).isFalse();
    }
}

package org.netloop.frontend.devfuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.systemd.HandsOver;
import org.netloop.api.systemd.PassedDescriptors.Passed;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Tests that all mounts of the process are left, whichever bundle they are of. */
@Timeout(60)
class LeaveVerbTest {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ControlRequest request = new ControlRequest("devfuse.leave", Map.of());

    /** A part whose mounts survive. */
    private record Part(int leave) implements HandsOver {
        @Override
        public List<Passed> handOver() {
            return List.of();
        }

        @Override
        public void handedOver() {}

        @Override
        public void takeBack() {}
    }

    @Test
    void mountsOfABundleThatWasReplacedAreLeftToo() throws Exception {
        LeaveVerb verb = new LeaveVerb(List.of(new Part(1), new Part(2)), ended::countDown);
        assertThat(verb.answer(request))
                .isEqualTo(Map.of("mounts", 3, "message", "3 mounts wait for a successor"));
        ended.await();
    }

    @Test
    void aProcessOfWhichNothingSurvivesGoesOn() {
        LeaveVerb verb = new LeaveVerb(List.of(new Part(0)), ended::countDown);
        assertThatThrownBy(() -> verb.answer(request)).hasMessageContaining("survive=true");
        assertThat(ended.getCount()).isEqualTo(1);
    }
}

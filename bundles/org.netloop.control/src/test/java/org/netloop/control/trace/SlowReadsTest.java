package org.netloop.control.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.control.ControlRequest;
import org.netloop.control.config.RefusedException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Tests which stages belong to a slow read, and the bounds of a trace. */
final class SlowReadsTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    private static SlowReads.Read read(int took, String blocks) {
        return new SlowReads.Read(NOON, Duration.ofMillis(took), 4096, 512, blocks, true);
    }

    private static SlowReads.Step step(int after, String stage, String path, long position) {
        return new SlowReads.Step(
                NOON.plusMillis(after), Duration.ofMillis(1), stage, path, position, 100, "", true);
    }

    private static List<?> rows(Map<?, ?> of, String list) {
        return (List<?>) Objects.requireNonNull(of.get(list));
    }

    /** The values that the members of a list have under one key. */
    private static List<Object> values(Map<?, ?> of, String list, String key) {
        List<Object> values = new ArrayList<>();
        for (Object row : rows(of, list)) {
            values.add(((Map<?, ?>) row).get(key));
        }
        return values;
    }

    @Test
    void theSlowestReadsComeFirstWithTheStagesTheyWaitedFor() {
        SlowReads reads = new SlowReads(2);
        reads.add(step(5, "decode", "blocks/a", 0));
        reads.add(step(1, "mirror", "blocks/a", 0));
        reads.add(step(1, "mirror", "blocks/other", 0));
        reads.add(step(1, "mirror", "blocks/a", 100));
        reads.add(step(50, "verify", "blocks/a", 0));
        reads.add(read(10, "50@blocks/a 0@blocks/b"));
        reads.add(read(30, "0@blocks/c"));
        reads.add(read(5, "0@blocks/a"));
        Map<String, Object> members = reads.members();
        assertThat(members).containsEntry("waited", 3L);
        assertThat(values(members, "reads", "micros")).containsExactly(30_000L, 10_000L);
        Map<?, ?> second = (Map<?, ?>) rows(members, "reads").getLast();
        assertThat(values(second, "stages", "stage")).containsExactly("mirror", "decode");
    }

    @Test
    void aTraceIsBounded() {
        TraceVerb verb = new TraceVerb(_ -> {});
        for (Map<String, Object> members :
                List.<Map<String, Object>>of(
                        Map.of("volume", "root", "seconds", 301, "slowest", 10),
                        Map.of("volume", "root", "seconds", 0, "slowest", 10),
                        Map.of("volume", "root", "seconds", 1, "slowest", 101))) {
            assertThatThrownBy(() -> verb.answer(new ControlRequest("trace", Map.copyOf(members))))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("it has to be from 1 to");
        }
    }

    @Test
    void aTraceOfNobodyIsEmpty() throws Exception {
        Map<String, ?> answer =
                new TraceVerb(_ -> {})
                        .answer(
                                new ControlRequest(
                                        "trace",
                                        Map.of("volume", "root", "seconds", 1, "slowest", 10)));
        assertThat(answer.get("waited")).isEqualTo(0L);
        assertThat(answer.get("reads")).isEqualTo(List.of());
    }
}

package org.netloop.control.trace;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

import java.time.Duration;

/** Records the events of reads for some time. Loaded only where JDK Flight Recorder is there. */
final class RecordedReads {
    private static final String READ = "org.netloop.Read";
    private static final String STAGE = "org.netloop.Stage";

    private RecordedReads() {}

    /**
     * Waits for that time, and returns what was recorded.
     *
     * @param most how many reads are kept
     */
    static SlowReads of(String volume, Duration time, int most) throws InterruptedException {
        SlowReads reads = new SlowReads(most);
        try (RecordingStream stream = new RecordingStream()) {
            stream.enable(READ).withoutThreshold();
            stream.enable(STAGE).withoutThreshold();
            stream.onEvent(
                    READ,
                    event -> {
                        if (volume.equals(event.getString("volume"))) {
                            reads.add(read(event));
                        }
                    });
            stream.onEvent(STAGE, event -> reads.add(step(event)));
            stream.startAsync();
            Thread.sleep(time);
            // What was recorded until now is handed on before this returns.
            stream.stop();
        }
        return reads;
    }

    private static SlowReads.Read read(RecordedEvent event) {
        return new SlowReads.Read(
                event.getStartTime(),
                event.getDuration(),
                event.getLong("offset"),
                event.getInt("length"),
                event.getString("blocks"),
                event.getBoolean("good"));
    }

    private static SlowReads.Step step(RecordedEvent event) {
        return new SlowReads.Step(
                event.getStartTime(),
                event.getDuration(),
                event.getString("stage"),
                event.getString("path"),
                event.getLong("position"),
                event.getLong("length"),
                event.getString("mirror"),
                event.getBoolean("good"));
    }
}

package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Tests the events by which JDK Flight Recorder tells where a read waits. */
class TraceTest extends OneMirror {
    @TempDir private Path directory;

    @Test
    void aReadAndTheStagesOfItsBlocksAreRecorded() throws Exception {
        engine.bindFormat(good, Map.of());
        List<RecordedEvent> events;
        try (Recording recording = new Recording();
                OpenVolume volume = open()) {
            recording.enable("org.netloop.Read").withoutThreshold();
            recording.enable("org.netloop.Stage").withoutThreshold();
            recording.start();
            assertReads(volume);
            recording.stop();
            Path file = directory.resolve("reads.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }
        RecordedEvent read = first(events, event -> event.hasField("blocks"));
        assertThat(read.getBoolean("good")).isTrue();
        String block = read.getString("blocks").split(" ")[0];
        String path = block.substring(block.indexOf('@') + 1);
        assertThat(events)
                .filteredOn(event -> event.hasField("path") && event.getString("path").equals(path))
                .extracting(event -> event.getString("stage"))
                .contains("mirror", "attempt", "decode");
        // Neighbours are fetched at the same time, in any order.
        assertThat(events)
                .filteredOn(TraceTest::isAttempt)
                .allSatisfy(
                        event ->
                                assertThat(event.getString("mirror"))
                                        .endsWith(event.getString("path")))
                .extracting(event -> event.getString("path"))
                .contains(path);
    }

    private static boolean isAttempt(RecordedEvent event) {
        return event.hasField("stage") && event.getString("stage").equals("attempt");
    }

    private static RecordedEvent first(List<RecordedEvent> events, Predicate<RecordedEvent> which) {
        return events.stream().filter(which).findFirst().orElseThrow();
    }
}

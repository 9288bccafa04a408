package org.netloop.control.verbs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.volume.ImageVolume;
import org.netloop.control.TestFramework;
import org.netloop.control.recording.RecordedVolume;
import org.netloop.control.recording.Recordings;
import org.netloop.tck.ControlVerbContract;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;

class RecordingVerbTest extends ControlVerbContract {
    @TempDir private Path directory;
    private TestFramework framework;
    private Recordings recordings;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(directory, Map.of());
        ImageVolume volume = new RecordedVolume("an image");
        framework
                .context()
                .registerService(
                        ImageVolume.class,
                        volume,
                        new Hashtable<>(Map.of(ImageVolume.NAME, "root")));
        recordings = new Recordings(framework.context(), Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() throws Exception {
        recordings.close();
        framework.close();
    }

    @Override
    protected ControlVerb verb() {
        return new RecordingVerb(recordings);
    }

    @Override
    protected List<ControlRequest> good() {
        return List.of(
                new ControlRequest(RecordingVerb.BEGIN, Map.of("volume", "root", "name", "boot")),
                new ControlRequest(RecordingVerb.LOOK, Map.of(RecordingVerb.RECORDING, 1L)),
                new ControlRequest(RecordingVerb.END, Map.of(RecordingVerb.RECORDING, 1L)));
    }
}

package org.netloop.control.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.volume.Volume;
import org.netloop.control.TestFramework;
import org.netloop.control.config.RefusedException;
import org.netloop.tck.MemoryVolume;
import org.osgi.framework.FrameworkUtil;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Requests for maps of volumes that are services. */
@Timeout(60)
class MapVerbTest {
    private static final int SIZE = 1 << 20;

    @TempDir private Path directory;
    private TestFramework framework;
    private MapVerb verb;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(directory, Map.of());
        verb = new MapVerb(framework.context());
        Volume volume = MemoryVolume.generated("root", SIZE, 4096, _ -> false);
        framework
                .context()
                .registerService(
                        Volume.class,
                        volume,
                        FrameworkUtil.asDictionary(Map.of(Volume.NAME, "root")));
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    private Map<String, ?> ask(Map<String, Object> members) throws RefusedException {
        return verb.answer(new ControlRequest("volume.map", members));
    }

    @Test
    void aMapIsOfAVolumeThatIsOpen() throws Exception {
        Map<String, ?> answer = ask(Map.of("volume", "root", "cells", "4"));
        assertThat((List<?>) answer.get("cells")).hasSize(4);
        assertThat(answer.get("size")).isEqualTo((long) SIZE);
        assertThat(answer.get("length")).isEqualTo((long) SIZE);
        assertThat(answer.get("sampled")).isEqualTo(false);
        assertThat((List<?>) answer.get("shares")).last().isEqualTo(MapVerb.FORESEEN);
        assertThat((List<?>) ask(Map.of("volume", "root")).get("cells")).hasSize(80);
    }

    @ParameterizedTest
    @CsvSource({
        "cells, 0",
        "cells, 1025",
        "cells, many",
        "offset, -1",
        "offset, 1048576",
        "length, 1048577",
        "length, 9223372036854775808"
    })
    void aNumberOutsideItsRangeIsRefused(String member, String number) {
        assertThatThrownBy(() -> ask(Map.of("volume", "root", member, number)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("'" + member + "' is not a whole number from ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "*", ")(a=b", ""})
    void aVolumeThatIsNotThereIsRefused(String name) {
        assertThatThrownBy(() -> ask(Map.of("volume", name))).isInstanceOf(RefusedException.class);
    }
}

package org.netloop.control.trace;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.control.ControlRequest;
import org.netloop.control.config.RefusedException;

import java.util.Map;

final class TraceVerbTest {
    @Test
    void aVolumeThatIsNotThereIsNotTraced() {
        TraceVerb verb =
                new TraceVerb(
                        name -> {
                            throw new RefusedException("no volume is called '" + name + "'");
                        });
        ControlRequest request =
                new ControlRequest("trace", Map.of("volume", "rot", "seconds", 1, "slowest", 1));
        assertThatThrownBy(() -> verb.answer(request)).hasMessage("no volume is called 'rot'");
    }
}

package org.netloop.api.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

class ControlRequestTest {
    private final ControlRequest request =
            new ControlRequest(
                    "attach",
                    Map.of("volume", "root", "rank", 3, "options", Map.of("port", 10809)));

    @Test
    void membersAreReadByTheirType() {
        assertThat(request.text("volume")).isEqualTo("root");
        assertThat(request.number("rank")).isEqualTo(3);
        assertThat(request.texts("options")).isEqualTo(Map.of("port", "10809"));
    }

    @Test
    void aMemberThatIsMissingOrOfAnotherTypeIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request.text("rank"))
                .withMessage("the request 'attach' lacks the member 'rank'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request.number("volume"))
                .withMessage("the request 'attach' lacks the member 'volume'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request.texts("place"))
                .withMessage("the request 'attach' lacks the member 'place'");
    }

    @Test
    void membersAreNotChanged() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> request.members().put("x", "y"));
    }

    @Test
    void aVerbHasHalfAMinuteUnlessItSaysOtherwise() {
        ControlVerb verb = _ -> Map.of();
        assertThat(verb.limit()).isEqualTo(Duration.ofSeconds(30));
    }
}

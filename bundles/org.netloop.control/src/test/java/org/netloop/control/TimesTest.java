package org.netloop.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class TimesTest {
    @Test
    void aTimeIsOfSecondsMinutesOrHours() {
        assertThat(Times.parse("90")).isEqualTo(Duration.ofSeconds(90));
        assertThat(Times.parse("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(Times.parse("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(Times.parse("2h")).isEqualTo(Duration.ofHours(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0s", "-1", "1d", "s", "1.5m", "9999999999"})
    void whatIsNoTimeIsRefusedWithItsText(String text) {
        assertThatThrownBy(() -> Times.parse(text)).hasMessageContaining("'" + text + "'");
    }
}

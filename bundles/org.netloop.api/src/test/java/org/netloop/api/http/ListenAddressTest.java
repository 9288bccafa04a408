package org.netloop.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

    @Test
    void hostAndPortAreTakenApart() {
        assertThat(ListenAddress.parse("--listen", "127.0.0.1:0").getPort()).isZero();
        assertThat(ListenAddress.parse("--listen", "[::1]:8080").getAddress().getHostAddress())
                .isEqualTo("0:0:0:0:0:0:0:1");
    }

    @Test
    void anAddressIsShownAsItIsWritten() {
        for (String text : new String[] {"127.0.0.1:8080", "[0:0:0:0:0:0:0:1]:80"}) {
            assertThat(ListenAddress.text(ListenAddress.parse("--listen", text))).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1:99999", "127.0.0.1", ":80", "::1:80", "a:-1", "a b:x", "[x]:1"})
    void whatIsNoneIsToldWithItsOption(String text) {
        assertThatThrownBy(() -> ListenAddress.parse("--listen", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--listen '" + text + "'");
    }
}

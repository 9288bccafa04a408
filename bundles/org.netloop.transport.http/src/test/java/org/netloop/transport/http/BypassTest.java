package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which hosts bypass the proxy. */
class BypassTest {

    @ParameterizedTest
    @CsvSource({
        "*, any.example, 80, true",
        "example.org, example.org, 80, true",
        "example.org, a.Example.ORG, 80, true",
        "example.org, example.org., 80, true",
        "example.org, badexample.org, 80, false",
        ".example.org, example.org, 80, true",
        ".example.org, a.example.org, 80, true",
        "*.example.org, a.example.org, 80, true",
        "example.org:8080, example.org, 8080, true",
        "example.org:8080, example.org, 80, false",
        "'a b', b, 80, true",
        "'x,, y', y, 80, true",
        "192.0.2.1, 192.0.2.1, 80, true",
        "192.0.2.1, 192.0.2.10, 80, false",
        "192.0.2.0/24, 192.0.2.200, 80, true",
        "192.0.2.0/24, 192.0.3.1, 80, false",
        "192.0.2.128/25, 192.0.2.127, 80, false",
        "192.0.2.0/24:8080, 192.0.2.1, 8080, true",
        "192.0.2.0/24:8080, 192.0.2.1, 80, false",
        "0.0.0.0/0, 203.0.113.9, 80, true",
        "0.0.0.0/0, name.example, 80, false",
        "192.0.2.0/33, 192.0.2.1, 80, false",
        "192.0.2.0/x, 192.0.2.1, 80, false",
        "2001:db8::/32, [2001:db8:1::5], 80, true",
        "2001:db8::/32, [2001:db9::5], 80, false",
        "[2001:db8::]/32, 2001:db8::1, 80, true",
        "::1, [::1], 80, true",
        "::1, [0:0:0:0:0:0:0:1], 80, true",
        "[::1]:8080, [::1], 8080, true",
        "[::1]:8080, [::1], 80, false",
        "::/0, 192.0.2.1, 80, false",
        "localhost, localhost, 80, true",
    })
    void anEntryCovers(String variable, String host, int port, boolean covered) {
        assertThat(Bypass.of(variable).covers(host, port)).isEqualTo(covered);
    }

    @Test
    void noEntryCoversNothing() {
        assertThat(Bypass.of("").covers("example.org", 80)).isFalse();
        assertThat(Bypass.none().covers("127.0.0.1", 80)).isFalse();
    }
}

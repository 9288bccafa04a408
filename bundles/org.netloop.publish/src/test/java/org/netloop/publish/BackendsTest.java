package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Tests the choice of codec, format and transport to publish with. */
class BackendsTest {
    @Test
    void ofTwoOfOneNameTheLaterOneIsTaken() throws Exception {
        FakeCodec first = new FakeCodec();
        FakeCodec second = new FakeCodec();
        Backends backends = new Backends(List.of(first, second), List.of(), Map.of());
        assertThat(backends.codec("fake")).isSameAs(second);
    }

    @Test
    void aTransportIsTakenByTheScheme() throws Exception {
        Transport transport = new FakeRepository().transport();
        Backends backends = new Backends(List.of(), List.of(), Map.of("fake", transport));
        assertThat(backends.transport(URI.create("FAKE:/x"))).isSameAs(transport);
        assertThatThrownBy(() -> backends.transport(URI.create("ftp://h/")))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("'ftp'")
                .hasMessageContaining("[fake]");
    }

    @Test
    void theStateIsKeptWhereXdgSaysOrInTheHomeDirectory() {
        Path home = Path.of(System.getProperty("user.home"));
        assertThat(StateDirectory.standard(Map.of("XDG_STATE_HOME", "/s")))
                .isEqualTo(Path.of("/s/netloop/publish"));
        assertThat(StateDirectory.standard(Map.of("XDG_STATE_HOME", "relative")))
                .isEqualTo(home.resolve(".local/state/netloop/publish"));
        assertThat(StateDirectory.standard(Map.of()))
                .isEqualTo(home.resolve(".local/state/netloop/publish"));
    }
}

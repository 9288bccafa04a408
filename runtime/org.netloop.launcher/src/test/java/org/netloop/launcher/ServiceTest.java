package org.netloop.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

class ServiceTest {

    @Test
    void aServiceKeepsTheFrameworkInItsStateDirectory() {
        assertThat(Service.parent(new String[] {"run", "conf", "--state", "/s"}, null))
                .isEqualTo(Path.of("/s"));
        assertThat(Service.parent(new String[] {"run", "--state=/s", "conf"}, null))
                .isEqualTo(Path.of("/s"));
        assertThat(Service.parent(new String[] {"run", "conf"}, null))
                .isEqualTo(Path.of("/run/netloop"));
        assertThat(Service.parent(new String[] {"run", "conf"}, "/run/user/7"))
                .isEqualTo(Path.of("/run/user/7/netloop"));
    }

    @Test
    void onlyRunIsAService() {
        assertThat(Service.isStartedBy(new String[] {"run", "conf"})).isTrue();
        assertThat(Service.isStartedBy(new String[] {"serve", "run"})).isFalse();
        assertThat(Service.isStartedBy(new String[0])).isFalse();
    }
}

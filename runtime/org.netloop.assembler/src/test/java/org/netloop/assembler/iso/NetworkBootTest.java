package org.netloop.assembler.iso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.assembler.AssemblyException;

class NetworkBootTest {
    @Test
    void bothLoadersFetchTheirMenuFromTheDirectory() throws Exception {
        NetworkBoot network = NetworkBoot.of("http://10.0.2.2:8080/boot");
        assertThat(network.ipxe()).contains("chain http://10.0.2.2:8080/boot/boot.ipxe || sleep 2");
        assertThat(network.grub())
                .contains("set base=(http,10.0.2.2:8080)/boot\n")
                .contains("configfile $base/grub.cfg\n");
    }

    @Test
    void theRootOfAServerIsADirectoryToo() throws Exception {
        assertThat(NetworkBoot.of("http://mirror.example").grub())
                .contains("set base=(http,mirror.example)\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://mirror.example/",
                "mirror.example/boot",
                "http:///boot/",
                "http://user@host/",
                "http://host/a;b/",
                "http://host/a%20b/",
                "http://ho st/"
            })
    void whatALoaderCannotFetchIsRefused(String url) {
        assertThatThrownBy(() -> NetworkBoot.of(url))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("a boot loader fetches from http://HOST");
    }
}

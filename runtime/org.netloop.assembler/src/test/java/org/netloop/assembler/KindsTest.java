package org.netloop.assembler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Set;

class KindsTest {
    @Test
    void anOptionThatWouldHaveNoEffectIsRefused() throws Exception {
        assertThat(Kinds.of("deb", Set.of("version")).options())
                .containsExactlyInAnyOrder("maintainer", "version");
        assertThatThrownBy(() -> Kinds.of("deb", Set.of("versoin", "thin", "version")))
                .isInstanceOf(AssemblyException.class)
                .hasMessage("the kind deb has no option thin, versoin; it has maintainer, version");
        assertThatThrownBy(() -> Kinds.of("dir", Set.of("thin")))
                .hasMessage("the kind dir has no option thin; it has none");
    }

    @Test
    void aMediumTakesTheOptionsOfWhatIsInIt() throws Exception {
        Set<String> web = Set.of("kernel", "compress", "repo", "channels", "append", "thin");
        assertThat(Kinds.of("web", web).options()).doesNotContain("url");
        assertThat(Kinds.of("iso", Set.of("kernel", "repo")).options()).contains("url", "ipxe");
        assertThatThrownBy(() -> Kinds.of("initramfs", Set.of("kernel", "repo")))
                .hasMessageContaining("has no option repo; it has busybox, client, compress");
    }
}
